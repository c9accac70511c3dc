using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class ListJournal // POST /workflow-instances/{id}/journal?skip=&take=
{
    public sealed record Request
    {
        public JournalFilter? Filter { get; init; }
    }

    public sealed record JournalFilter
    {
        public IReadOnlyList<string>? ActivityIds { get; init; }

        public IReadOnlyList<string>? ActivityNodeIds { get; init; }

        public IReadOnlyList<string>? ExcludedActivityTypes { get; init; }

        public IReadOnlyList<string>? EventNames { get; init; }

        public IEnumerable<TracedEntry> Among(IReadOnlyList<TracedEntry> entries)
        {
            var (ids, nodes, excluded, events) = (ActivityIds?.ToHashSet(), ActivityNodeIds?.ToHashSet(), ExcludedActivityTypes?.ToHashSet(), EventNames?.ToHashSet());
            return from entry in entries
                   let execution = entry.Execution
                   where ids?.Contains(execution.ActivityId) != false && nodes?.Contains(execution.NodeId) != false && events?.Contains(entry.EventName) != false && excluded?.Contains(execution.Type) != true
                   select entry;
        }
    }

    public static void Map(IEndpointRouteBuilder instances) => instances.MapPost("/{id}/journal", Handle).OnlyReads();

    private static async Task<IResult> Handle(string id, int? skip, int? take, ElsaBody<Request> body, RunTraces traces, CancellationToken ct)
    {
        if (await traces.FindAsync(id, ct) is not { } trace) return ElsaAnswer.NotFound("run");
        var found = (body.Value.Filter ?? new()).Among(trace.Entries).ToList();
        var page = found.Skip(Math.Max(0, skip ?? 0)).Take(take is >= 0 ? take.Value : int.MaxValue);
        return ElsaAnswer.Ok(new ElsaPage<JournalItem>([.. page.Select(e => JournalItem.Of(trace, e))], found.Count));
    }
}

/// <summary>A line of the journal.</summary>
internal sealed record JournalItem(
    string Id, string ActivityInstanceId, string? ParentActivityInstanceId, string ActivityId, string ActivityType, string ActivityName, string NodeId, DateTimeOffset Timestamp, long Sequence, string EventName,
    string? Message, Value ActivityState, IReadOnlyDictionary<string, object> Payload)
{
    public int ActivityTypeVersion { get; } = 1;

    public string? Source { get; }

    public static JournalItem Of(RunTrace trace, TracedEntry traced)
    {
        var (entry, execution) = (traced.Entry, traced.Execution);
        return new($"{trace.Run:N}-{traced.Sequence}", Ids.Of(trace.Run, execution.Id), execution.Parent == 0 ? null : Ids.Of(trace.Run, execution.Parent), execution.ActivityId, execution.Type, execution.Name,
            execution.NodeId, entry.At, traced.Sequence, traced.EventName, entry.Message, ElsaMembers.Pascal(entry.Inputs), ElsaMembers.Payload(entry));
    }
}
