using System.Globalization;
using System.Linq.Expressions;
using Crm.Entities.Records;
using Crm.Wfm;
using Crm.Wfm.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;

namespace Crm.Host.Lists;

/// <summary>A query string, understood.</summary>
internal sealed record ListQuery<T>(IReadOnlyList<Expression<Func<T, bool>>> Conditions, bool Deleted, SortKey<T> Sort, PageRequest Page)
    where T : CrmRecord
{
    /// <summary>Keeps the records asked for.</summary>
    public IQueryable<T> Of(IQueryable<T> records)
    {
        // What always holds, and by what the indexes of lists are known: see 50_lists.sql.
        records = Deleted ? records.IgnoreQueryFilters().Where(r => r.DeletedAt != null) : records.Where(r => r.Version > 0);
        return Conditions.Aggregate(records, (kept, condition) => kept.Where(condition));
    }

    /// <summary>Reads a query string; <c>null</c> with every fault.</summary>
    public static ListQuery<T>? Read(Listing<T> listing, IQueryCollection parameters, out IReadOnlyList<Fault> faults)
    {
        var reader = new ListQueryReader<T>(listing, parameters);
        var query = reader.Read();
        faults = reader.Faults;
        return faults.Count == 0 ? query : null;
    }
}

/// <summary>Reads one query string.</summary>
internal sealed class ListQueryReader<T>(Listing<T> listing, IQueryCollection parameters)
    where T : CrmRecord
{
    private static readonly string[] Own = ["sort", "limit", "after", "deleted"];
    private readonly List<Fault> _faults = [];

    public IReadOnlyList<Fault> Faults => _faults;

    public ListQuery<T> Read()
    {
        // In one order, whatever the client's: the same query then, to cursors and to EF Core's cache.
        var ordered = parameters.OrderBy(p => p.Key, StringComparer.Ordinal).ToList();
        var conditions = ordered.Where(p => !Own.Contains(p.Key)).Select(p => Condition(p.Key, p.Value)).OfType<Expression<Func<T, bool>>>().ToList();
        var (sort, descending) = Sort();
        var query = Cursor.Query(ordered.Where(p => p.Key is not ("after" or "limit")).SelectMany(p => p.Value.Prepend(p.Key)).Prepend(typeof(T).Name)!);
        return new(conditions, One("deleted") is { } deleted && Deleted(deleted), sort, new(descending, Limit(), After(sort, query), query));
    }

    private Expression<Func<T, bool>>? Condition(string parameter, StringValues values)
    {
        var (field, comparison) = (listing.Field(parameter), "eq");
        if (field is null && parameter.LastIndexOf('.') is var dot and > 0) (field, comparison) = (listing.Field(parameter[..dot]), parameter[(dot + 1)..]);
        if (field is null)
        {
            return Fault(parameter, "unknown-parameter", $"is not known here; these are: {string.Join(", ", [.. listing.Fields.Select(f => f.Name), .. Own])}.");
        }

        if (!field.Type.Operators.Contains(comparison))
        {
            return Fault(parameter, "unknown-operator", $"is no comparison of {field.Name}, a {field.Type.Name}; these are: {string.Join(", ", field.Type.Operators)}.");
        }

        var condition = field.Condition(comparison, [.. values.Select(v => v ?? "")], out var wrong);
        return wrong is null ? condition : Fault(parameter, "parameter", wrong);
    }

    private (SortKey<T> Key, bool Descending) Sort()
    {
        var text = One("sort") ?? Listing<T>.DefaultSort;
        var descending = text.StartsWith('-');
        if (listing.SortKey(descending ? text[1..] : text) is { } key) return (key, descending);
        Fault("sort", "sort", $"is one of {string.Join(", ", listing.Sorts.Select(s => s.Name))}, with a minus before it for the greatest first; not '{text}'.");
        return (listing.Sorts.First(), descending);
    }

    private int Limit()
    {
        if (One("limit") is not { } text) return Pages.Size(null);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && Pages.Check(limit) is null) return limit;
        Fault("limit", "limit", $"is 1 to {Pages.Max}, not '{text}'.");
        return Pages.Max;
    }

    private Cursor? After(SortKey<T> sort, byte[] query)
    {
        if (One("after") is not { } text || _faults.Count > 0) return null;
        var cursor = Cursor.Read(text, query, out var wrong);
        if (cursor is not null && !sort.Fits(cursor)) wrong = "is no cursor of this sort.";
        if (wrong is not null) Fault("after", "cursor", wrong);
        return cursor;
    }

    private bool Deleted(string text)
    {
        if (text is not ("true" or "false")) Fault("deleted", "parameter", $"is `true` for the deleted records, or `false`; not '{text}'.");
        return text == "true";
    }

    private string? One(string parameter)
    {
        var values = parameters[parameter];
        if (values.Count > 1) Fault(parameter, "parameter", "is there twice.");
        return values.Count == 0 ? null : values[0];
    }

    private Expression<Func<T, bool>>? Fault(string parameter, string key, string wrong)
    {
        _faults.Add(new($"?{parameter}", key, $"{parameter} {wrong}"));
        return null;
    }
}
