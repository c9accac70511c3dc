using System.Text.Json.Nodes;
using Crm.Wfm.Events;

namespace Crm.Wfm.Moves;

/// <summary>Asks to carry out a transition.</summary>
/// <param name="Project">The project to move.</param>
/// <param name="Transition">Key of the transition.</param>
/// <param name="Actor">Who asks.</param>
public sealed record MoveCommand(Guid Project, string Transition, Actor Actor)
{
    /// <summary>Gets the project version the actor has seen; another one answers <see cref="MoveResult.Conflict"/>. <c>null</c> moves whatever the version.</summary>
    public int? ExpectedVersion { get; init; }

    /// <summary>Gets what the transition's input schema asks for.</summary>
    public JsonObject? Input { get; init; }

    /// <summary>Gets subject fields to set in the same transaction before the guards are evaluated (set-and-move).</summary>
    public JsonObject? Changes { get; init; }

    /// <summary>Gets the actor's words on why; kept in the erasable part of history.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets a key under which a repeated command gets the first one's answer, 1 to 200 characters; scope: workspace and actor, kept 24 hours.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Gets the event that made an automation ask; <c>null</c> when a person or another system asks.</summary>
    public EventCause? Cause { get; init; }

    /// <summary>Gets how a past move is brought in; <c>null</c> for a move that happens now. In-process only: no request can set it.</summary>
    public PastMove? Past { get; init; }
}

/// <summary>Asks to start a project for a subject.</summary>
/// <param name="Subject">The record to govern.</param>
/// <param name="Actor">Who asks.</param>
public sealed record StartCommand(SubjectRef Subject, Actor Actor)
{
    /// <summary>Gets the project type; <c>null</c> takes the subject type's default.</summary>
    public string? ProjectType { get; init; }

    /// <summary>Gets the project's id; <c>null</c> makes one.</summary>
    public Guid? Project { get; init; }

    /// <summary>Gets the project's own fields, under the project type's schema.</summary>
    public JsonObject? Fields { get; init; }

    /// <inheritdoc cref="MoveCommand.Reason"/>
    public string? Reason { get; init; }

    /// <inheritdoc cref="MoveCommand.IdempotencyKey"/>
    public string? IdempotencyKey { get; init; }

    /// <inheritdoc cref="MoveCommand.Cause"/>
    public EventCause? Cause { get; init; }

    /// <inheritdoc cref="MoveCommand.Past"/>
    public PastMove? Past { get; init; }
}

/// <summary>How a past move is brought in.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Observe">Whether refusals of guards, roles, limits and inputs are noted in history and the move made all the same, as it did happen; a missing edge always stops.</param>
public sealed record PastMove(DateTimeOffset At, bool Observe = false);

/// <summary>The record a project governs.</summary>
/// <param name="Type">Subject type, such as <c>deal</c>.</param>
/// <param name="Id">The record's key as invariant text; a generic record's is a UUID.</param>
public sealed record SubjectRef(string Type, string Id)
{
    /// <summary>Refers to a subject with a UUID key.</summary>
    public SubjectRef(string type, Guid id) : this(type, id.ToString())
    {
    }

    /// <summary>Refers to a subject with a numeric key.</summary>
    public SubjectRef(string type, long id) : this(type, id.ToString(System.Globalization.CultureInfo.InvariantCulture))
    {
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type}/{Id}";
}

/// <summary>Who acts.</summary>
/// <param name="Id">The user; automations act as <see cref="System"/>.</param>
/// <param name="Roles">Role keys in the workspace.</param>
public sealed record Actor(Guid Id, IReadOnlyList<string> Roles)
{
    /// <summary>Makes an actor with roles.</summary>
    public Actor(Guid id, params string[] roles) : this(id, (IReadOnlyList<string>)roles)
    {
    }

    /// <summary>The system user <c>00000000-0000-0000-0000-000000000000</c>, without roles.</summary>
    public static Actor System { get; } = new(Guid.Empty, []);
}
