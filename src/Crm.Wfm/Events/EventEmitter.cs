using System.Diagnostics;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Events;

/// <summary>Something that happened, for <see cref="EventEmitter"/> to write down.</summary>
/// <param name="Type">The type: words joined by dots, not <c>wfm.*</c>.</param>
/// <param name="Subject">The record it is about.</param>
/// <param name="Data">What there is to tell.</param>
public sealed record NewEvent(string Type, SubjectRef Subject, Value Data);

/// <summary>Writes events of the host's own changes, in the transaction of the change: they are told when it commits, and only then.</summary>
public sealed class EventEmitter
{
    private readonly HostContext _host;

    internal EventEmitter(HostContext host) => _host = host;

    /// <summary>Writes events into the context's current transaction. Those of one call share a correlation id.</summary>
    /// <param name="events">What happened, in this order.</param>
    /// <param name="actor">Who made it happen.</param>
    /// <param name="at">When, in business time.</param>
    /// <param name="cause">The event an automation acted upon; <c>null</c> for a first cause.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="InvalidOperationException">There is no transaction: a change and its events commit together.</exception>
    /// <exception cref="ArgumentException">A type is none the host may emit.</exception>
    public async Task EmitAsync(IReadOnlyList<NewEvent> events, Actor actor, DateTimeOffset at, EventCause? cause, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(actor);
        if (_host.Db.Database.CurrentTransaction is null) throw new InvalidOperationException("Events are emitted in the transaction of the change they tell of.");
        if (events.FirstOrDefault(e => !EventTypes.MayEmit(e.Type)) is { } wrong) throw new ArgumentException($"'{wrong.Type}' is no event type of the host's own.", nameof(events));
        if (events.Count == 0) return;
        var origin = new EventOrigin(actor.Id, at, cause, Activity.Current);
        await using var batch = _host.Batch();
        batch.Add("select wfm.emit($1)", Batches.Jsonb(CanonicalJson.Text(Value.From([.. events.Select(e => origin.Event(e.Type, e.Subject, e.Data))]))));
        await batch.ExecuteNonQueryAsync(ct);
    }
}
