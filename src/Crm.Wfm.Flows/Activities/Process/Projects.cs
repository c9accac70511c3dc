using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Http;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>A project as flows look for it.</summary>
internal sealed record FoundProject(Guid Id, string Subject, string Step, int Version);

/// <summary>What the process activities have in common: how they find a project, ask the gate within the run's transaction, and tell why it said no.</summary>
internal static class Projects
{
    private const string Select = "select p.id, p.subject_type || '/' || p.subject_id, p.step, p.version from wfm.project p";

    /// <summary>Finds a project by its id, else that of a subject's default process: the open one, else the one completed last. Without either it is that of the run's event.</summary>
    public static async Task<FoundProject?> FindAsync(HostContext host, FlowContext flow, Guid? project, string? subject, CancellationToken ct)
    {
        if (project is { } id) return (await host.Db.QueryAsync($"{Select} where p.id = $1", [id], Read, ct)).FirstOrDefault();
        var about = Subject(flow, subject);
        return (await host.Db.QueryAsync($"""
            {Select} left join wfm.project_type t on t.workspace_id = p.workspace_id and t.key = p.project_type
            where p.subject_type = $1 and p.subject_id = $2 order by t.is_default desc nulls last, p.completed_at desc nulls first, p.started_at desc limit 1
            """, [about.Type, about.Id], Read, ct)).FirstOrDefault();
    }

    /// <summary>Reads <c>type/id</c>; without it the subject of the run's event.</summary>
    public static SubjectRef Subject(FlowContext flow, string? subject)
    {
        var text = string.IsNullOrEmpty(subject) ? flow.Event?.Subject : subject;
        return text?.IndexOf('/', StringComparison.Ordinal) is { } slash and > 0 ? new(text[..slash], text[(slash + 1)..]) : throw new FlowException($"'{text}' is no record such as deal/7");
    }

    /// <summary>Asks the engine. What the database refused it leaves no trace in the run's transaction.</summary>
    public static async Task<MoveResult> AskAsync(HostContext host, Func<Task<MoveResult>> ask, CancellationToken ct)
    {
        var transaction = host.Db.Database.CurrentTransaction!;
        await transaction.CreateSavepointAsync("move", ct);
        var result = await ask();
        if (result is MoveResult.Conflict) await transaction.RollbackToSavepointAsync("move", ct);
        await transaction.ReleaseSavepointAsync("move", ct);
        return result switch
        {
            // Trying again may well resolve it: the activity's own retries do.
            MoveResult.Conflict { IsContention: true } contention => throw new FlowException(contention.Message),
            MoveResult.Invalid invalid => throw new DrawnFault(string.Join(" ", invalid.Faults.Select(f => $"{f.Pointer.TrimStart('/')}: {f.Message}"))),
            _ => result,
        };
    }

    /// <summary>Makes the system an actor, with roles where the flow names some.</summary>
    public static Actor Actor(Value roles) => roles.IsNull ? Moves.Actor.System : new(Guid.Empty, Names(roles, "roles"));

    /// <summary>Takes a name, a list of names, or a text with commas between them.</summary>
    public static IReadOnlyList<string> Names(Value names, string input)
    {
        if (names.IsNull) return [];
        if (Definitions.TypeNames.Convert(names, "Object[]") is { IsNull: false } list) return [.. list.AsList.ToArray().Select(n => n.AsText ?? throw new FlowException($"{input} is no list of names"))];
        return names.AsText is { } text ? text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : throw new FlowException($"{input} is no list of names");
    }

    public static JsonObject? Members(Value value, string input) =>
        value.IsNull ? null : value.ToJson() as JsonObject ?? throw new FlowException($"{input} is no object");

    /// <summary>Writes every reason as the API does: key, message, values, fixes.</summary>
    public static Value Reasons(IReadOnlyList<Reason> reasons) => OutputValues.Of(ReasonResponse.Of(reasons, []).Select(r => r with { Trace = null }));

    /// <summary>Writes the fewest changes that would unblock the move; null when none is known.</summary>
    public static Value Fix(MoveResult.Refused refused) => OutputValues.Of(refused.Remedy.Fix);

    private static FoundProject Read(Npgsql.NpgsqlDataReader r) => new(r.GetGuid(0), r.GetString(1), r.GetString(2), r.GetInt32(3));
}
