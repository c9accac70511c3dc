using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Http;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Http;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Says in Studio's way what came of changing a flow: every reason is a message of its own, and the editor stays open.</summary>
internal static class DefinitionAnswers
{
    private const int MostReasons = 20;

    /// <summary>Answers everything but success.</summary>
    /// <param name="result">What came of it.</param>
    /// <param name="document">The definition the faults are about.</param>
    public static IResult Refused(DefinitionResult result, Value document = default) => result switch
    {
        DefinitionResult.NotFound => ElsaAnswer.NotFound("flow"),
        DefinitionResult.ReadOnly bundled => ElsaAnswer.Refused(Bundled(bundled.Bundle)),
        DefinitionResult.Conflict conflict => ElsaAnswer.Refused($"Somebody else has saved '{conflict.Current.Name}' meanwhile; it is at version {conflict.Current.Version}. What you have drawn since is not saved: export it, or open the flow anew."),
        DefinitionResult.Faulty faulty => ElsaAnswer.Refused(Words(faulty.Faults, document)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static IResult Of(DeleteResult result) => result switch
    {
        DeleteResult.Deleted => TypedResults.NoContent(),
        DeleteResult.NotFound => ElsaAnswer.NotFound("flow"),
        DeleteResult.ReadOnly bundled => Problems.Conflict(Bundled(bundled.Bundle)),
        DeleteResult.InUse used => Problems.Conflict($"{used.Runs} runs of it go on: end them first."),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Words faults for whoever drew the flow: the activity's name in place of a pointer.</summary>
    public static IReadOnlyList<string> Words(IReadOnlyList<Fault> faults, Value document)
    {
        List<string> reasons = [.. faults.Take(MostReasons).Select(f => Where(document, f.Pointer) is { } place ? $"{place}: {f.Message}" : Sentence(f.Message))];
        if (faults.Count > MostReasons) reasons.Add($"… and {faults.Count - MostReasons} more.");
        return reasons;
    }

    private static string Bundled(string bundle) => $"This flow stands in the bundle '{bundle}': it is changed by publishing the bundle.";

    private static string Sentence(string message) => message.Length == 0 ? message : char.ToUpperInvariant(message[0]) + message[1..];

    /// <summary>Names the innermost activity a pointer leads to, and the member of it that is meant.</summary>
    private static string? Where(Value document, string pointer)
    {
        string? named = null;
        var (at, member) = (document, (string?)null);
        foreach (var token in pointer.Split('/').Skip(1).Select(t => t.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
        {
            at = int.TryParse(token, out var index) && at.Kind == ValueKind.List ? index < at.AsList.Length ? at.AsList[index] : Value.Null : at[token];
            if (StudioDrawing.IsActivity(at) && at["id"].AsText is not null) (named, member) = (at["name"].AsText ?? at["id"].AsText, null);
            else member ??= named is null ? null : token;
        }

        return named is null ? null : member is null or "type" ? named : $"{named}, {member}";
    }
}
