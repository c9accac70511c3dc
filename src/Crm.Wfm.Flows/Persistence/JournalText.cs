using System.Xml;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Persistence;

/// <summary>A burst's journal as text, and back.</summary>
internal static class JournalText
{
    public static string Write(IReadOnlyList<JournalEntry> entries) => CanonicalJson.Text(Value.From([.. entries.Select(Entry)]));

    public static IReadOnlyList<JournalEntry> Read(string text)
    {
        var entries = new List<JournalEntry>();
        foreach (var entry in Value.Parse(text).AsList) entries.Add(Entry(entry));
        return entries;
    }

    private static Value Entry(JournalEntry entry)
    {
        var members = new FactObjectBuilder
        {
            ["x"] = Value.From(entry.Execution),
            ["a"] = Value.From(entry.Activity),
            ["t"] = Value.From(entry.Type),
            ["k"] = Value.From((int)entry.Kind),
            ["at"] = Value.From(entry.At.ToUnixTimeMilliseconds()),
        };
        if (entry.Name != entry.Activity.Split(':')[^1]) members["n"] = Value.From(entry.Name);
        if (entry.Parent != 0) members["p"] = Value.From(entry.Parent);
        if (!entry.Outcomes.SequenceEqual(Usual(entry.Kind))) members["o"] = Value.From([.. entry.Outcomes.Select(Value.From)]);
        if (entry.Inputs.AsObject is { Count: > 0 }) members["in"] = entry.Inputs;
        if (entry.Outputs.AsObject is { Count: > 0 }) members["out"] = entry.Outputs;
        if (entry.Message is not null) members["m"] = Value.From(entry.Message);
        if (entry.Duration > TimeSpan.Zero) members["d"] = Value.From(Math.Round(entry.Duration.TotalMilliseconds, 3));
        return Value.From(members.Build());
    }

    private static JournalEntry Entry(Value entry)
    {
        var kind = (JournalKind)(int)entry["k"].AsNumber;
        IReadOnlyList<string> outcomes = entry["o"].IsNull ? Usual(kind) : [.. entry["o"].AsList.ToArray().Select(o => o.AsText!)];
        var activity = entry["a"].AsText!;
        return new((int)entry["x"].AsNumber, activity, entry["t"].AsText!, entry["n"].AsText ?? activity.Split(':')[^1], kind,
            At(entry["at"]), outcomes, Or(entry["in"]), Or(entry["out"]), entry["m"].AsText, TimeSpan.FromMilliseconds(entry["d"].AsNumber), (int)entry["p"].AsNumber);
    }

    // Outcomes that are usual are not written.
    private static string[] Usual(JournalKind kind) => kind is JournalKind.Completed or JournalKind.Answered ? ["Done"] : [];

    // Journals once had their times as text.
    private static DateTimeOffset At(Value time) => time.AsText is { } text ? XmlConvert.ToDateTimeOffset(text) : DateTimeOffset.FromUnixTimeMilliseconds((long)time.AsNumber);

    private static Value Or(Value members) => members.IsNull ? Value.From(FactObject.Empty) : members;
}
