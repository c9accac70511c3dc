using Crm.Entities;
using Crm.Entities.Notes;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Notes;

internal static class RestoreNote // POST /notes/{id}/restore
{
    public static void Map(IEndpointRouteBuilder notes) => notes.MapPost("/{id:guid}/restore", Handle).WithName(nameof(RestoreNote))
        .WithSummary("Brings a deleted note back").WithIdempotencyKey("notes/restore").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<NoteResponse>, ProblemHttpResult>> Handle(Guid id, CrmDbContext db, RecordWrites writes, CancellationToken ct) =>
        await writes.RestoreAsync<Note>(id, ct) is { } problem ? problem : TypedResults.Ok(await GetNote.ReadAsync(db, id, ct));
}
