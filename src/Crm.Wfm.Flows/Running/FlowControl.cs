using System.Security.Cryptography;
using System.Text;
using Crm.Wfm.Events;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Running;

/// <summary>What keeps the runs of an automation from each other, and from being too many.</summary>
internal sealed record FlowControl
{
    private const int MostCharacters = 200;

    /// <summary>Gets the rule whose value starts one run for ever.</summary>
    public Rule? IdempotencyKey { get; private init; }

    /// <summary>Gets the rule of whose value one run goes on at a time.</summary>
    public Rule? ConcurrencyKey { get; private init; }

    /// <summary>Gets how long no event may have come before a run begins; <c>null</c> for it begins at once.</summary>
    public TimeSpan? Debounce { get; private init; }

    /// <summary>Gets how many runs may begin in what time; <c>null</c> for any.</summary>
    public (int Max, TimeSpan Per)? Throttle { get; private init; }

    public static FlowControl Read(Place automation, ICollection<Fault> faults) => new()
    {
        IdempotencyKey = Automation.ReadRule(automation["idempotencyKey"], faults),
        ConcurrencyKey = Automation.ReadRule(automation["concurrencyKey"], faults),
        Debounce = IsoDuration.Parse(automation["debounce"].Text),
        Throttle = IsoDuration.Parse(automation["throttle"]["per"].Text) is { } per && automation["throttle"]["max"].Value.AsNumber is >= 1 and var max ? ((int)max, per) : null,
    };

    /// <summary>Puts a run under it. A key that cannot be computed keeps the run from being run, which then says so.</summary>
    /// <param name="run">The run.</param>
    /// <param name="name">The automation's name, for keys are its own.</param>
    /// <param name="told">The event that starts it.</param>
    /// <param name="facts">What the rules see.</param>
    /// <param name="now">The business time.</param>
    public NewRun Apply(NewRun run, string name, WfmEvent told, Value facts, DateTimeOffset now)
    {
        var error = run.Error;
        var (once, turn) = (Key("idempotencyKey", IdempotencyKey), Key("concurrencyKey", ConcurrencyKey));
        return run with
        {
            Error = error,
            IdempotencyKey = once is null ? null : $"{name}={once}",
            ConcurrencyKey = turn is null ? null : $"{name}={turn}",
            DebounceKey = Debounce is null ? null : $"{name}={turn ?? told.Subject}",
            Due = Debounce is { } wait ? now + wait : run.Due,
            Throttle = Throttle is { } throttle ? new($"{name}={turn}", throttle.Max, throttle.Per) : null,
        };

        string? Key(string member, Rule? rule)
        {
            if (rule is null) return null;
            var outcome = rule.Evaluate(facts);
            if (outcome.IsError) error ??= $"Not run: its {member} cannot be computed: {outcome.Problem}.";
            return outcome.IsError || outcome.Value.IsNull ? null : Short(outcome.Value.AsText ?? CanonicalJson.Text(outcome.Value));
        }
    }

    // An index holds so much.
    private static string Short(string key) => key.Length <= MostCharacters ? Storable.Text(key) : Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(key)));
}
