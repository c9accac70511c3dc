using System.Linq.Expressions;
using Crm.Entities;
using Crm.Entities.CustomFields;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Lists;

/// <summary>A field the workspace has given its records: some value of it has to meet the condition.</summary>
/// <param name="Name">The parameter: <c>custom.</c> and the field's key.</param>
/// <param name="Value">A value's own condition.</param>
/// <param name="Values">The field's values, of all records.</param>
/// <param name="Id">A record's id.</param>
internal sealed record CustomFilter<T>(string Name, Field<CustomValue> Value, IQueryable<CustomValue> Values, Expression<Func<T, Guid>> Id) : Field<T>(Name, Value.Type)
{
    public override Expression<Func<T, bool>>? Compare(string comparison, IReadOnlyList<string> texts, out string? wrong) =>
        Value.Compare(comparison, texts, out wrong) is { } condition ? Any(Values.Where(condition)) : null;

    public override Expression<Func<T, bool>> IsNull() => Lambdas.Not(Any(Values));

    private Expression<Func<T, bool>> Any(IQueryable<CustomValue> values)
    {
        Expression<Func<Guid, bool>> any = id => values.Any(v => v.RecordId == id);
        return Expression.Lambda<Func<T, bool>>(Lambdas.Replace(any, Id.Body), Id.Parameters);
    }
}

/// <summary>Filters by the fields a workspace has given its records; those that are marked filterable.</summary>
internal static class CustomFilters
{
    public const string Prefix = "custom.";

    /// <summary>Reads which there are.</summary>
    /// <param name="db">Where they are.</param>
    /// <param name="recordType">Whose they are, such as <c>deal</c>.</param>
    /// <param name="id">A record's id.</param>
    /// <param name="ct">Cancels the reading.</param>
    public static async Task<IReadOnlyList<Field<T>>> ReadAsync<T>(CrmDbContext db, string recordType, Expression<Func<T, Guid>> id, CancellationToken ct)
    {
        var fields = await db.CustomFields.Where(f => f.RecordType == recordType && f.IsFilterable).OrderBy(f => f.Key).Select(f => new { f.Id, f.Key, f.Kind }).ToListAsync(ct);
        return [.. fields.Select(f => new CustomFilter<T>(Prefix + f.Key, Of(f.Kind), db.CustomValues.Where(v => v.FieldId == f.Id), id))];
    }

    // As crm.custom_value keeps them: see 40_custom_fields.sql.
    private static Field<CustomValue> Of(string kind) => kind switch
    {
        "number" => new Field<CustomValue, double?>(kind, FieldTypes.Double, v => v.Number),
        "date" => new Field<CustomValue, DateTimeOffset?>(kind, FieldTypes.Midnight, v => v.Time),
        "date-time" => new Field<CustomValue, DateTimeOffset?>(kind, FieldTypes.Time, v => v.Time),
        "boolean" => new Field<CustomValue, string>(kind, FieldTypes.YesNoText, v => v.Text),
        "user" => new Field<CustomValue, string>(kind, FieldTypes.IdText, v => v.Text),
        "choice" or "multi-choice" => new Field<CustomValue, string>(kind, FieldTypes.Key, v => v.Text),
        _ => new Field<CustomValue, string>(kind, FieldTypes.Text, v => v.Text),
    };
}
