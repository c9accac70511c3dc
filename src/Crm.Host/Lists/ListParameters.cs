using System.Globalization;
using System.Linq.Expressions;
using Crm.Entities;
using Crm.Wfm;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;

namespace Crm.Host.Lists;

/// <summary>A query string that asks for records. What is wrong with it gathers in <see cref="Faults"/> as it is read.</summary>
internal sealed class ListParameters<T>
    where T : class
{
    private readonly List<Fault> _faults = [];
    private readonly Listing<T> _listing;
    private readonly IReadOnlyList<Field<T>> _custom;
    private readonly IQueryCollection _parameters;
    private readonly IReadOnlyList<string> _own;
    private readonly List<KeyValuePair<string, StringValues>> _filters;
    private readonly List<Expression<Func<T, bool>>> _conditions;
    private readonly bool _deleted;

    private ListParameters(Listing<T> listing, IReadOnlyList<Field<T>> custom, IQueryCollection parameters, IReadOnlyList<string> own)
    {
        (_listing, _custom, _parameters, _own) = (listing, custom, parameters, own);
        // In one order, whatever the client's: the same query then, to cursors and to EF Core's cache.
        _filters = [.. parameters.Where(p => !own.Contains(p.Key)).OrderBy(p => p.Key, StringComparer.Ordinal)];
        _conditions = [.. _filters.Select(p => Condition(p.Key, p.Value)).OfType<Expression<Func<T, bool>>>()];
        _deleted = own.Contains("deleted") && Deleted();
    }

    /// <summary>Reads a query string; where it asks for a field of the workspace's own, after reading which there are.</summary>
    /// <param name="listing">What can be asked.</param>
    /// <param name="parameters">What is asked.</param>
    /// <param name="db">Where the workspace's own fields are.</param>
    /// <param name="own">Parameters that are no filters.</param>
    /// <param name="ct">Cancels the reading.</param>
    public static async Task<ListParameters<T>> ReadAsync(Listing<T> listing, IQueryCollection parameters, CrmDbContext db, IReadOnlyList<string> own, CancellationToken ct)
    {
        var isCustom = listing.CustomFieldsOf is not null && parameters.Keys.Any(k => k.StartsWith(CustomFilters.Prefix, StringComparison.Ordinal));
        return new(listing, isCustom ? await CustomFilters.ReadAsync(db, listing.CustomFieldsOf!, listing.IdOf, ct) : [], parameters, own);
    }

    public IReadOnlyList<Fault> Faults => _faults;

    public bool IsFiltered => _conditions.Count > 0;

    /// <summary>Keeps the records asked for.</summary>
    public IQueryable<T> Keep(IQueryable<T> records) =>
        _conditions.Aggregate(_listing.Of(records.AsNoTracking(), _deleted), (kept, condition) => kept.Where(condition));

    /// <summary>Says which query this is, for cursors.</summary>
    public byte[] Query(params IEnumerable<string> more) =>
        Cursor.Query([typeof(T).Name, .. more, _deleted ? "deleted" : "present", .. _filters.SelectMany(p => p.Value.Prepend(p.Key))!]);

    /// <summary>Reads <c>sort</c>.</summary>
    public (SortKey<T> Key, bool Descending) Sort(string usual)
    {
        var text = One("sort") ?? usual;
        var descending = text.StartsWith('-');
        if (_listing.SortKey(descending ? text[1..] : text) is { } key) return (key, descending);
        Fault("sort", "sort", $"is one of {string.Join(", ", _listing.Sorts.Select(s => s.Name))}, with a minus before it for the greatest first; not '{text}'.");
        return (_listing.Sorts.First(), descending);
    }

    /// <summary>Reads <c>limit</c>.</summary>
    public int Limit(int usual, int most)
    {
        if (One("limit") is not { } text) return usual;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 && limit <= most) return limit;
        Fault("limit", "limit", $"is 1 to {most}, not '{text}'.");
        return usual;
    }

    /// <summary>Reads <c>after</c>, once everything else is known to be right.</summary>
    public Cursor? After(SortKey<T> sort, byte[] query)
    {
        if (One("after") is not { } text || _faults.Count > 0) return null;
        var cursor = Cursor.Read(text, query, out var wrong);
        if (cursor is not null && !sort.Fits(cursor)) wrong = "is no cursor of this sort.";
        if (wrong is not null) Fault("after", "cursor", wrong);
        return cursor;
    }

    private bool Deleted()
    {
        var text = One("deleted") ?? "false";
        if (text is not ("true" or "false")) Fault("deleted", "parameter", $"is `true` for the deleted records, or `false`; not '{text}'.");
        return text == "true";
    }

    private Expression<Func<T, bool>>? Condition(string parameter, StringValues values)
    {
        var (field, comparison) = (Field(parameter), "eq");
        if (field is null && parameter.LastIndexOf('.') is var dot and > 0) (field, comparison) = (Field(parameter[..dot]), parameter[(dot + 1)..]);
        if (field is null)
        {
            return Fault(parameter, "unknown-parameter", $"is not known here; {Known(parameter)}.");
        }

        if (!field.Type.Operators.Contains(comparison))
        {
            return Fault(parameter, "unknown-operator", $"is no comparison of {field.Name}, a {field.Type.Name}; these are: {string.Join(", ", field.Type.Operators)}.");
        }

        var condition = field.Condition(comparison, [.. values.Select(v => v ?? "")], out var wrong);
        return wrong is null ? condition : Fault(parameter, "parameter", wrong);
    }

    private string Known(string parameter)
    {
        var isCustom = parameter.StartsWith(CustomFilters.Prefix, StringComparison.Ordinal);
        if (isCustom && _custom.Count == 0) return "the workspace has given these records no field to filter by";
        IEnumerable<string> own = _listing.CustomFieldsOf is null ? _own : [.. _own, CustomFilters.Prefix + "<key>"];
        return $"these are: {string.Join(", ", isCustom ? _custom.Select(f => f.Name) : _listing.Fields.Select(f => f.Name).Concat(own))}";
    }

    private Field<T>? Field(string name) => _listing.Field(name) ?? _custom.FirstOrDefault(f => f.Name == name);

    private string? One(string parameter)
    {
        var values = _parameters[parameter];
        if (values.Count > 1) Fault(parameter, "parameter", "is there twice.");
        return values.Count == 0 ? null : values[0];
    }

    private Expression<Func<T, bool>>? Fault(string parameter, string key, string wrong)
    {
        _faults.Add(new($"?{parameter}", key, $"{parameter} {wrong}"));
        return null;
    }
}
