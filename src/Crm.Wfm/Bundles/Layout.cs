using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>Where designers draw things: the member <c>layout</c>, and in flows what Elsa Studio keeps of its own. It decides about nothing.</summary>
internal static class Layout
{
    private const string Member = "layout";

    /// <summary>Copies a bundle without its layout.</summary>
    public static Value Without(Value bundle)
    {
        bundle = bundle.Without([Member]);
        if (bundle["automations"].AsObject is not { } automations) return bundle;
        var drawn = new FactObjectBuilder(automations);
        foreach (var (key, automation) in automations.Where(a => a.Value["flow"].AsObject is not null))
            drawn[key] = Value.From(automation.AsObject!.With("flow", Undrawn(automation["flow"])));
        return Value.From(bundle.AsObject!.With("automations", Value.From(drawn.Build())));
    }

    /// <summary>Tells what is drawn elsewhere; of flows that changed in other ways too it is not worth telling.</summary>
    public static IEnumerable<BundleChange> Changes(Value before, Value after)
    {
        foreach (var (key, old, young) in Differing(before[Member], after[Member]))
            yield return new(Member, ChangeKind.Changed, $"/{Member}{JsonPointer.Token(key)}", $"layout of *{key}* changed", old, young);
        foreach (var (key, old, young) in Differing(before["automations"], after["automations"]).Where(a => Undrawn(a.Old) == Undrawn(a.New)))
            yield return new(Member, ChangeKind.Changed, $"/automations{JsonPointer.Token(key)}/flow", $"automation *{key}*: layout of its flow changed", old["flow"], young["flow"]);
    }

    private static IEnumerable<(string Key, Value Old, Value New)> Differing(Value a, Value b) =>
        (a.AsObject ?? FactObject.Empty).Select(m => m.Key).Union((b.AsObject ?? FactObject.Empty).Select(m => m.Key))
            .Where(key => a[key] != b[key]).Select(key => (key, a[key], b[key]));

    /// <summary>Takes <c>metadata.designer</c> out of a flow and of all its activities.</summary>
    private static Value Undrawn(Value part)
    {
        if (part.Kind == ValueKind.List) return Value.From([.. part.AsList.ToArray().Select(Undrawn)]);
        if (part.AsObject is not { } members) return part;
        var kept = new FactObjectBuilder();
        foreach (var (name, value) in members)
        {
            var rest = name == "metadata" && value.AsObject is not null ? value.Without(["designer"]) : value;
            if (name != "metadata" || rest.AsObject?.Count != 0) kept[name] = Undrawn(rest);
        }

        return Value.From(kept.Build());
    }
}
