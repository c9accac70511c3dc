using Crm.Entities;
using Crm.Entities.Notes;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Notes;

internal static class CreateNote // POST /notes
{
    public static void Map(IEndpointRouteBuilder notes) => notes.MapPost("", Handle).WithName(nameof(CreateNote))
        .WithSummary("Writes a note about a record").WithIdempotencyKey("notes");

    private static async Task<Results<Created<NoteResponse>, ProblemHttpResult>> Handle(
        Body<NoteFields> body, HttpContext http, CrmDbContext db, RecordWrites writes, CancellationToken ct)
    {
        var note = new Note { WorkspaceId = writes.Workspace, Id = writes.NewId(), Body = body.Value.Body };
        body.Value.Write(note);
        db.Notes.Add(note);
        if (await writes.SaveAsync(note, ct) is { } problem) return problem;
        http.Response.Headers.Location = $"{http.Request.Path}/{note.Id}"; // here, not by the result: HttpIdempotency keeps it
        return TypedResults.Created((string?)null, await GetNote.ReadAsync(db, note.Id, ct));
    }
}
