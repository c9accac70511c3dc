using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;

namespace Crm.Wfm.History;

/// <summary>
/// One move as history keeps it. <see cref="Body"/> is RFC 8785 text, hashed into the chain; <see cref="Private"/> holds what may have to be erased one
/// day, of which the body has a salted digest only.
/// </summary>
internal sealed record HistoryEntry(string Body, string Private, byte[] Salt)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public static HistoryEntry Of(Guid workspace, ProjectState project, Guid workflowVersion, MovePlan plan, MoveDetails details)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var personal = CanonicalJson.Text(details.Private(plan));
        var body = new FactObjectBuilder
        {
            ["actor"] = Value.From(details.Actor),
            ["at"] = Value.From(TimeText(details.At)),
            ["from"] = Value.From(plan.From?.Key),
            ["private"] = Value.From(Digest(salt, personal)),
            ["project"] = Value.From(project.Id),
            ["projectType"] = Value.From(project.Type),
            ["subject"] = Value.From(new FactObjectBuilder { ["id"] = Value.From(project.Subject.Id), ["type"] = Value.From(project.Subject.Type) }.Build()),
            ["to"] = Value.From(plan.To.Key),
            ["transition"] = Value.From(plan.Transition?.Key),
            ["version"] = Value.From(project.Version + 1),
            ["workflow"] = Value.From(workflowVersion),
            ["workspace"] = Value.From(workspace),
        };
        return new(CanonicalJson.Text(Value.From(body.Build())), personal, salt);
    }

    /// <summary>A time as the body has it: UTC, cut to the microseconds the database keeps.</summary>
    public static string TimeText(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>SHA-256 over the salt followed by the private text in UTF-8, lower-case hex.</summary>
    public static string Digest(byte[] salt, string personal) => Convert.ToHexStringLower(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(personal)]));

    /// <summary>SHA-256 over the hash before it followed by the body in UTF-8.</summary>
    public static byte[] Hash(byte[] prev, string body) => SHA256.HashData([.. prev, .. Encoding.UTF8.GetBytes(body)]);
}

/// <summary>What a command says of a move besides where it goes.</summary>
internal sealed record MoveDetails(Guid Actor, DateTimeOffset At, Value Input, Value Changes, string? Reason, IReadOnlyList<Reason> Observed)
{
    public Value Private(MovePlan plan)
    {
        var rules = new FactObjectBuilder();
        foreach (var (key, held) in plan.Rules) rules[key] = Value.From(held);
        var members = new FactObjectBuilder { ["facts"] = plan.Facts, ["rules"] = Value.From(rules.Build()) };
        if (!Input.IsNull) members["input"] = Input;
        if (!Changes.IsNull) members["changes"] = Changes;
        if (Reason is not null) members["reason"] = Value.From(Reason);
        if (Observed.Count > 0) members["observed"] = Value.From([.. Observed.Select(r => Value.From(r.Key))]);
        return Value.From(members.Build());
    }
}
