using System.ComponentModel.DataAnnotations;
using Crm.Host.Activities;

namespace Crm.Host.Timeline;

/// <summary>Something that happened to a record: one of <c>move</c>, <c>activity</c> and <c>note</c> is there, as <c>kind</c> says.</summary>
/// <param name="Id">The activity's or note's id; of a move the project's.</param>
internal sealed record TimelineEntry(
    [property: AllowedValues("move", "activity", "note")] string Kind, Guid Id, DateTimeOffset At, Guid By, string? ByName, TimelineMove? Move, TimelineActivity? Activity, TimelineNote? Note)
{
    public static TimelineEntry Of(TimelineRow r) => new(
        r.Kind!, r.Id!.Value, r.At!.Value, r.By!.Value, r.ByName,
        r.Kind == "move" ? new(r.ProjectType!, r.Version!.Value, r.Transition, r.FromStep, r.ToStep!, r.Body) : null,
        r.Kind == "activity" ? new(r.ActivityKind!, r.Subject!, r.Body, r.AssigneeId, r.DueAt, r.DoneAt, r.IsSystem!.Value) : null,
        r.Kind == "note" ? new(r.Body!) : null);
}

/// <summary>A move, or the start, which has neither transition nor step before it.</summary>
internal sealed record TimelineMove(string ProjectType, int Version, string? Transition, string? From, string To, string? Reason);

internal sealed record TimelineActivity([property: ActivityKind] string Kind, string Subject, string? Body, Guid? AssigneeId, DateTimeOffset? DueAt, DateTimeOffset? DoneAt, bool IsSystem);

internal sealed record TimelineNote(string Body);

/// <summary>A row as <see cref="TimelineSql"/> gives it; all is <c>null</c> where nothing happened.</summary>
internal sealed class TimelineRow
{
    public string? Kind { get; init; }

    public Guid? Id { get; init; }

    public int? Version { get; init; }

    public DateTimeOffset? At { get; init; }

    public Guid? By { get; init; }

    public string? ByName { get; init; }

    public string? ProjectType { get; init; }

    public string? Transition { get; init; }

    public string? FromStep { get; init; }

    public string? ToStep { get; init; }

    public string? ActivityKind { get; init; }

    public string? Subject { get; init; }

    public string? Body { get; init; }

    public Guid? AssigneeId { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset? DoneAt { get; init; }

    public bool? IsSystem { get; init; }
}
