using System.Diagnostics;
using Crm.Wfm.History;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Events;

/// <summary>The events of one move.</summary>
/// <param name="Events">All of them, as the database function takes them.</param>
/// <param name="Moved">The first of them, as the cause of what the move's post-actions do.</param>
internal sealed record EventBatch(Value Events, EventCause Moved)
{
    public static EventBatch Of(ProjectState project, MovePlan plan, Guid actor, DateTimeOffset at, EventCause? cause, string? movedEvent = null)
    {
        var origin = new EventOrigin(actor, at, cause, Activity.Current);
        var data = Data(project, plan);
        var first = Guid.CreateVersion7(at);
        var events = new List<Value> { origin.Event(plan.Transition is null ? EventTypes.ProjectStarted : EventTypes.ProjectMoved, project.Subject, data, first) };
        if (plan.To.Final) events.Add(Event(EventTypes.ProjectCompleted, data));
        if (movedEvent is not null) events.Add(Event(movedEvent, data));
        foreach (var (type, own) in plan.Effects.Events) events.Add(Event(type, own.IsNull ? data : own));
        return new(Value.From([.. events]), origin.Cause(first));

        Value Event(string type, Value content) => origin.Event(type, project.Subject, content);
    }

    private static Value Data(ProjectState project, MovePlan plan) => Value.From(new FactObjectBuilder
    {
        ["project"] = Value.From(project.Id),
        ["projectType"] = Value.From(project.Type),
        ["transition"] = Value.From(plan.Transition?.Key),
        ["from"] = Value.From(plan.From?.Key),
        ["to"] = Value.From(plan.To.Key),
        ["status"] = Value.From(plan.To.Status.Key),
        ["category"] = Value.From(plan.To.Status.Category.Key()),
        ["version"] = Value.From(project.Version + 1),
    }.Build());
}

/// <summary>What the events of one change have in common, and how they are handed to the database.</summary>
internal sealed class EventOrigin(Guid actor, DateTimeOffset at, EventCause? cause, Activity? activity)
{
    private readonly Guid _correlation = cause?.Correlation ?? Guid.CreateVersion7(at);

    private readonly int _depth = cause is null ? 0 : cause.Depth + 1;

    /// <summary>Makes one of the events a cause of others.</summary>
    public EventCause Cause(Guid id) => new(id, _correlation, _depth);

    public Value Event(string type, SubjectRef subject, Value data, Guid? id = null) => Value.From(new FactObjectBuilder
    {
        ["id"] = Value.From(id ?? Guid.CreateVersion7(at)),
        ["type"] = Value.From(type),
        ["subject"] = Value.From(subject.ToString()),
        ["time"] = Value.From(HistoryEntry.TimeText(at)),
        ["actor"] = Value.From(actor),
        ["correlation"] = Value.From(_correlation),
        ["causation"] = cause is null ? Value.Null : Value.From(cause.Event),
        ["depth"] = Value.From(_depth),
        ["traceparent"] = Value.From(activity is { IdFormat: ActivityIdFormat.W3C } ? activity.Id : null),
        ["data"] = data,
    }.Build());
}
