using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>
/// Says what keeps running projects from being taken along to the newer bundle. They stay on the version they began on until somebody migrates them, so nothing breaks by itself.
/// </summary>
internal static class Compatibility
{
    public static string? HintOf(BundleChange change, Value after) => change switch
    {
        { Concerns: "step", Kind: ChangeKind.Removed or ChangeKind.Renamed } => Step(change, after),
        { Concerns: "transition", Kind: ChangeKind.Removed or ChangeKind.Renamed } => "who relies on this transition no longer finds it",
        { Concerns: "transition", Kind: ChangeKind.Changed } when change.Place!.Name == "to" => "the transition leads elsewhere",
        { Concerns: "transition", Kind: ChangeKind.Changed } when change.Place!.Name == "from" && Loses(change) => "projects in a step it no longer leaves cannot take the transition",
        { Concerns: "workflow" or "project type" or "subject", Kind: ChangeKind.Removed or ChangeKind.Renamed } => "its projects go on, but none starts",
        { Concerns: "project type", Kind: ChangeKind.Changed } when change.Place!.Name is "workflow" or "subject" => "running projects are of the other one",
        { Concerns: "field", Kind: ChangeKind.Removed or ChangeKind.Renamed } => "records have the field already",
        { Concerns: "schema" or "field" } when change.Place!.Name == "type" && change.Old is not null => "records may have values of the other type",
        { Concerns: "schema" } when change.Place!.Name == "required" && Gains(change) => "records may lack what is required now",
        _ => null,
    };

    private static string? Step(BundleChange change, Value after)
    {
        var tokens = JsonPointer.Tokens(change.Pointer)!;
        var before = change.Kind == ChangeKind.Removed ? change.Place!.Name : change.Old!.Value["key"].AsText ?? change.Old.Value["status"].AsText!;
        var mapped = after["migrations"].AsList.ToArray().Any(m => m["workflow"].AsText == tokens[1] && m["steps"].AsObject?.Has(before) == true);
        return mapped ? null : $"projects in {before} have no place: map it in migrations";
    }

    private static bool Loses(BundleChange change) => Items(change.Old).Except(Items(change.New)).Any() && change.New?.AsText != "*";

    private static bool Gains(BundleChange change) => Items(change.New).Except(Items(change.Old)).Any();

    private static Value[] Items(Value? list) => [.. (list ?? Value.Null).AsList];
}
