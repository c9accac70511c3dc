using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles.BundleChecks;

/// <summary>A parameter's default is of its type, and a secret has none.</summary>
internal static class Params
{
    public static void Check(BundleDraft draft)
    {
        foreach (var param in draft.Root["params"].Members().Where(p => p.Has("default")))
        {
            var place = param["default"];
            if (param["type"].Text is { } type && Problem(type, place.Value) is { } problem) draft.Refuse(place, "param-default", problem);
        }
    }

    private static string? Problem(string type, Value value) => type switch
    {
        "string" when value.Kind != ValueKind.Text => "must be a text",
        "number" when value.Kind != ValueKind.Number => "must be a number",
        "boolean" when value.Kind != ValueKind.Boolean => "must be true or false",
        "duration" when IsoDuration.Parse(value.AsText) is null => "must be a duration such as P14D or PT8H",
        "secret" => "a secret is set in the workspace, not kept in a file",
        _ => null,
    };
}
