using Crm.Wfm.Events;
using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Moves;

/// <summary>A post-action of the host's own. Registered with <c>wfm.AddPostAction&lt;T&gt;("name")</c>; runs in the move's transaction, after the decision and before the move is written.</summary>
public interface IPostAction
{
    /// <summary>Does it, and saves what it changes.</summary>
    /// <returns><c>null</c> when it is done; else what the move is answered with instead (<see cref="MoveResult.Invalid"/> with faults below <c>/input</c>, say), and all is undone, as by what is thrown.</returns>
    Task<MoveResult?> RunAsync(PostActionContext context, CancellationToken ct);
}

/// <summary>What a post-action is given.</summary>
/// <param name="Action">The action as the bundle has it; its own members are in <see cref="PostAction.Source"/>.</param>
/// <param name="Value">What the action's <c>value</c> came to when the move was decided; <see cref="Value.Null"/> when it has none.</param>
/// <param name="Plan">The move that was decided.</param>
/// <param name="Project">The project before the move.</param>
/// <param name="Actor">Who moves.</param>
/// <param name="At">When, in business time.</param>
/// <param name="Cause">The event that tells of the move, as the cause of all the action does.</param>
/// <param name="Db">The host's context, in the move's transaction.</param>
public sealed record PostActionContext(PostAction Action, Value Value, MovePlan Plan, ProjectState Project, Actor Actor, DateTimeOffset At, EventCause Cause, DbContext Db);

/// <summary>The names bundles may use in <c>do</c>.</summary>
internal sealed class PostActionNames(IEnumerable<PostActionRegistration> registrations)
{
    public IReadOnlyCollection<string> All { get; } = [.. registrations.Select(r => r.Name)];
}

/// <summary>An action the host registered.</summary>
internal sealed record PostActionRegistration(string Name, Type Type);
