using Crm.Entities;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Notes;

internal static class GetNote // GET /notes/{id}
{
    public static void Map(IEndpointRouteBuilder notes) =>
        notes.MapGet("/{id:guid}", Handle).WithName(nameof(GetNote)).WithSummary("Shows a note").ProducesProblem(StatusCodes.Status404NotFound);

    public static Task<NoteResponse?> ReadAsync(CrmDbContext db, Guid id, CancellationToken ct) =>
        db.Notes.AsNoTracking().Where(n => n.Id == id).Select(NoteResponse.Projection).SingleOrDefaultAsync(ct);

    private static async Task<Results<Ok<NoteResponse>, ProblemHttpResult>> Handle(Guid id, HttpContext http, CrmDbContext db, CancellationToken ct)
    {
        if (await ReadAsync(db, id, ct) is not { } note) return Problems.NotFound("note");
        http.Response.Headers.ETag = ETags.Of(note.Version);
        return TypedResults.Ok(note);
    }
}
