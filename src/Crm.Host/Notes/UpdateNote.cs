using Crm.Entities;
using Crm.Entities.Notes;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Notes;

internal static class UpdateNote // PATCH /notes/{id}
{
    public static void Map(IEndpointRouteBuilder notes) => notes.MapPatch("/{id:guid}", Handle).WithName(nameof(UpdateNote))
        .WithSummary("Changes a note: what is sent is changed").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<NoteResponse>, ProblemHttpResult>> Handle(
        Guid id, MergePatch<NoteFields> patch, CrmDbContext db, RecordWrites writes, CancellationToken ct)
    {
        var (note, problem) = await writes.FindAsync<Note>(id, patch.Version, ct);
        if (note is null) return problem!;
        if (patch.Apply(NoteFields.Of(note), out var faults) is not { } fields) return Problems.Faulty(faults);
        fields.Write(note);
        return await writes.SaveAsync(note, ct) is { } refused ? refused : TypedResults.Ok(await GetNote.ReadAsync(db, id, ct));
    }
}
