using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Events;

/// <summary>Does something about events. Registered with <c>wfm.AddEventConsumer&lt;T&gt;("name")</c>; made in a scope of its own that works in the events' workspace.</summary>
public interface IEventConsumer
{
    /// <summary>
    /// Takes in events of one workspace, in the transaction that takes them out of the outbox: what is written to the database here happens exactly once for every event,
    /// what is done elsewhere (mail, HTTP) at least once. So do little: write down what is to be done, and do it later.
    /// </summary>
    /// <param name="events">The events, in the order of their positions. Usually many; one at a time after somebody threw.</param>
    /// <param name="db">The host's context in that transaction; what is left unsaved in it is saved. The scope's own <c>MoveEngine</c> and <c>EventEmitter</c> join it.</param>
    /// <param name="ct">Cancels when the host stops, or after <see cref="EventPumpOptions.Timeout"/>.</param>
    /// <remarks>What is thrown undoes the batch, which is then handed over event by event: the ones this consumer throws on are parked for it and tried again later, all others go on.</remarks>
    Task ConsumeAsync(IReadOnlyList<WfmEvent> events, DbContext db, CancellationToken ct);

    /// <summary>Told, on the same instance, once what it wrote is committed: the moment to wake whoever does the work. A host that dies in between tells nobody; nothing may rest on it.</summary>
    void Committed()
    {
    }
}

/// <summary>The consumers the host registered, in that order; the services are keyed by these names.</summary>
internal sealed class EventConsumerNames(IEnumerable<EventConsumerRegistration> registrations)
{
    public IReadOnlyList<string> All { get; } = [.. registrations.Select(r => r.Name)];
}

/// <summary>A consumer the host registered.</summary>
internal sealed record EventConsumerRegistration(string Name);
