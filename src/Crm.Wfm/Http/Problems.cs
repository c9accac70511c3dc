using System.Text.Json.Serialization;
using Crm.Wfm.Moves;
using Crm.Wfm.Records;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Wfm.Http;

/// <summary>The one place where results become RFC 9457 problems. Types are listed in docs/errors.md.</summary>
public static class Problems
{
    /// <summary>What the types of problems begin with.</summary>
    public const string Urn = "urn:crm-wfm:problem:";

    /// <summary>Maps everything a move or a start can answer but success.</summary>
    public static ProblemHttpResult Of(MoveResult result, IReadOnlyList<string> languages) => result switch
    {
        MoveResult.Refused { Reasons: [{ Key: ReasonKeys.NotAllowed } reason] } => Problem(StatusCodes.Status403Forbidden, ReasonKeys.NotAllowed, reason.Message.In(languages)),
        MoveResult.Refused refused => Problem(StatusCodes.Status422UnprocessableEntity, "refused", "The move is refused.",
            ("reasons", ReasonResponse.Of(refused.Reasons, languages)), ("fix", refused.Remedy.Fix), ("whyNoFix", refused.Remedy.Why), ("step", refused.Step), ("version", refused.Version)),
        MoveResult.Conflict { CurrentVersion: { } version } conflict => Problem(StatusCodes.Status409Conflict, "stale-version", conflict.Message, ("currentVersion", version)),
        MoveResult.Conflict conflict => Conflict(conflict.Message),
        MoveResult.NotFound missing => NotFound(missing.What),
        MoveResult.Invalid { Faults: [{ Key: IdempotencyFaults.Reused }] } invalid => Faulty(invalid.Faults, StatusCodes.Status422UnprocessableEntity),
        MoveResult.Invalid invalid => Faulty(invalid.Faults, StatusCodes.Status400BadRequest),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Maps everything creating or changing a record can answer but success.</summary>
    public static ProblemHttpResult Of(RecordResult result) => result switch
    {
        RecordResult.NotFound => NotFound("record"),
        RecordResult.Conflict conflict => Stale("record", conflict.CurrentVersion),
        RecordResult.Invalid invalid => Faulty(invalid.Faults),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A missing thing and another workspace's look the same.</summary>
    public static ProblemHttpResult NotFound(string what) => Problem(StatusCodes.Status404NotFound, "not-found", $"There is no such {what}.");

    /// <summary>The actor may not do this.</summary>
    public static ProblemHttpResult Forbidden(string why) => Problem(StatusCodes.Status403Forbidden, ReasonKeys.NotAllowed, why);

    /// <summary>The request has faults, each with its pointer.</summary>
    public static ProblemHttpResult Faulty(IReadOnlyList<Fault> faults, int status = StatusCodes.Status400BadRequest) =>
        Problem(status, "invalid", faults is [var one] ? one.Message : $"There are {faults.Count} faults.", ("faults", faults));

    /// <summary>Somebody else changed it first.</summary>
    public static ProblemHttpResult Stale(string what, int currentVersion) =>
        Problem(StatusCodes.Status409Conflict, "stale-version", $"The {what} is at version {currentVersion}.", ("currentVersion", currentVersion));

    /// <summary>What is asked for cannot be, as things stand.</summary>
    public static ProblemHttpResult Conflict(string why) => Problem(StatusCodes.Status409Conflict, "conflict", why);

    private static ProblemHttpResult Problem(int status, string type, string detail, params (string Name, object? Value)[] members) =>
        TypedResults.Problem(detail, statusCode: status, type: Urn + type, title: Title(type), extensions: members.ToDictionary(m => m.Name, m => m.Value));

    private static string Title(string type) => char.ToUpperInvariant(type[0]) + type[1..].Replace('-', ' ');
}

/// <summary>A reason in the reader's language.</summary>
/// <param name="Key">The reason key.</param>
/// <param name="Message">What to tell the user.</param>
/// <param name="Values">The facts that decided, by path.</param>
/// <param name="Fixes">The fields that would change the answer.</param>
/// <param name="Trace">How the rule came to its result.</param>
public sealed record ReasonResponse(string Key, string Message, IReadOnlyDictionary<string, Value> Values, IReadOnlyList<Fix> Fixes, [property: JsonType("object", "null")] Value? Trace)
{
    /// <summary>Gets the error in which the rule ended instead of deciding; left out when it did decide.</summary>
    [JsonType("object"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Value Error { get; init; }

    /// <summary>Words reasons in the first language they have.</summary>
    public static IReadOnlyList<ReasonResponse> Of(IReadOnlyList<Reason> reasons, IReadOnlyList<string> languages) =>
        [.. reasons.Select(r => new ReasonResponse(r.Key, r.Message.In(languages), r.Values, r.Fixes, r.Trace?.ToValue()) { Error = r.Error })];
}
