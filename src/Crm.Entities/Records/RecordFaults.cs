using System.Text.Json;
using Crm.Wfm;
using Npgsql;

namespace Crm.Entities.Records;

/// <summary>Tells what the database refused as a fault of the field it is about. Constraints are named for it: <c>fk_deal_person</c> is the deal's <c>personId</c>, <c>ck_deal_amount</c> its <c>amount</c>.</summary>
public static class RecordFaults
{
    private static readonly string[] Things = ["deal", "lead", "person", "organization", "record"];

    /// <summary>Makes the fault.</summary>
    public static Fault Of(PostgresException refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        if (refusal.ConstraintName is "custom") return new(refusal.ColumnName ?? "/custom", "custom-field", refusal.MessageText);
        if (refusal is { TableName: { } table, ConstraintName: { } name } && name.Length > table.Length + 4)
        {
            var words = name[(table.Length + 4)..];
            if (refusal.SqlState == PostgresErrorCodes.ForeignKeyViolation) return Link(table, words);
            if (refusal.SqlState == PostgresErrorCodes.UniqueViolation) return new("/" + CamelCase(words), "taken", "is taken already");
            if (refusal.SqlState == PostgresErrorCodes.CheckViolation) return new("/" + CamelCase(words), "out-of-range", "is not within what this field may hold");
        }

        return new("", "constraint", $"The record cannot hold these values: {refusal.MessageText}.");
    }

    private static Fault Link(string table, string words) => words switch
    {
        "currency" => new("/currency", "unknown-currency", "is no currency of ISO 4217"),
        _ when table is "activity" or "note" && Things.Contains(words) => new("/about/id", "not-found", $"There is no such {words}."),
        "owner" or "assignee" => new($"/{words}Id", "not-found", "There is no such user."),
        _ => new($"/{CamelCase(words)}Id", "not-found", $"There is no such {words.Replace('_', ' ')}."),
    };

    private static string CamelCase(string words) =>
        JsonNamingPolicy.CamelCase.ConvertName(string.Concat(words.Split('_').Select(w => char.ToUpperInvariant(w[0]) + w[1..])));
}
