using System.ComponentModel;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Subjects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Http;

/// <summary>The project endpoints by a record's own id: shorthand for those by the project's.</summary>
internal static class SubjectMoves // GET /{id}/transitions, POST /{id}/moves, GET /{id}/history
{
    public static void Map(RouteGroupBuilder records, string subjectType)
    {
        var noun = string.Concat(subjectType.Split('-').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
        records.MapGet("/{id}/transitions", async Task<Results<Ok<TransitionsResponse>, ProblemHttpResult>> (
                string id, HttpContext http, CurrentRequest current, ProjectOf projects, MoveEngine engine, CancellationToken ct) =>
                await projects.FindAsync(subjectType, id, ct) is { } project ? await ListTransitions.Handle(project, http, current, engine, ct) : Problems.NotFound(subjectType))
            .WithName($"List{noun}Transitions").WithSummary("Lists the moves the actor could make: available ones, and blocked ones with every reason")
            .ProducesProblem(StatusCodes.Status404NotFound);
        records.MapPost("/{id}/moves", async Task<Results<Ok<MoveProjectResponse>, ProblemHttpResult>> (
                string id, Body<MoveProjectRequest> body, [FromHeader(Name = IdempotencyHeader.Name), Description(IdempotencyHeader.Meaning)] string? idempotencyKey, HttpContext http, CurrentRequest current,
                ProjectOf projects, MoveEngine engine, CancellationToken ct) =>
                await projects.FindAsync(subjectType, id, ct) is { } project ? await MoveProject.Handle(project, body, idempotencyKey, http, current, engine, ct) : Problems.NotFound(subjectType))
            .WithName($"Move{noun}").WithSummary("Moves the record's project, or says every reason why not")
            .ProducesMoveProblems();
        records.MapGet("/{id}/history", async Task<Results<Ok<Page<HistoryResponse>>, ProblemHttpResult>> (
                string id, [Description("A version: the moves after it; what `next` said.")] int? after, int? limit, ProjectOf projects, HostContext host, CancellationToken ct) =>
                await projects.FindAsync(subjectType, id, ct) is { } project ? await ListHistory.Handle(project, after, limit, host, ct) : Problems.NotFound(subjectType))
            .WithName($"List{noun}History").WithSummary("Lists the moves of the record's project, the first one first")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }
}

/// <summary>Finds the project of a record's default process: the open one, else the one completed last.</summary>
internal sealed class ProjectOf(HostContext host, SubjectTypes subjects)
{
    private const string Sql = """
        select p.id from wfm.project p join wfm.project_type t on t.workspace_id = p.workspace_id and t.key = p.project_type and t.is_default
        where p.subject_type = $1 and p.subject_id = $2 order by p.completed_at desc nulls first, p.started_at desc limit 1
        """;

    public async Task<Guid?> FindAsync(string type, string id, CancellationToken ct)
    {
        if (subjects[type].Canonical(id) is not { } key) return null;
        await using var transaction = await EngineTransaction.BeginAsync(host, ct);
        await using var batch = transaction.FirstBatch();
        batch.Add(Sql, type, key);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct); // past set_config
        return await reader.ReadAsync(ct) ? reader.GetGuid(0) : null;
    }
}
