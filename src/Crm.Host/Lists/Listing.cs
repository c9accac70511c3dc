using System.Linq.Expressions;
using Crm.Entities;
using Crm.Entities.Records;
using Crm.Wfm;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Lists;

/// <summary>What the records of a noun can be filtered and sorted by: declared once, and from it the queries, their faults, the description and the docs.</summary>
/// <param name="id">A record's id.</param>
/// <param name="present">Keeps the records that are there.</param>
/// <param name="deleted">Keeps the deleted ones instead.</param>
internal sealed class Listing<T>(Expression<Func<T, Guid>> id, Func<IQueryable<T>, IQueryable<T>> present, Func<IQueryable<T>, IQueryable<T>> deleted)
    where T : class
{
    private readonly OrderedDictionary<string, Field<T>> _fields = [];
    private readonly OrderedDictionary<string, SortKey<T>> _sorts = [];

    public Expression<Func<T, Guid>> IdOf => id;

    /// <summary>Gets the record type whose custom fields these records have; <c>null</c> when they have none.</summary>
    public string? CustomFieldsOf { get; private set; }

    public IEnumerable<Field<T>> Fields => _fields.Values;

    public IEnumerable<SortKey<T>> Sorts => _sorts.Values;

    public Field<T>? Field(string name) => _fields.GetValueOrDefault(name);

    public SortKey<T>? SortKey(string name) => _sorts.GetValueOrDefault(name);

    public IQueryable<T> Of(IQueryable<T> records, bool areDeleted) => areDeleted ? deleted(records) : present(records);

    public Listing<T> Text(string name, Expression<Func<T, string?>> value) => Add(name, FieldTypes.Text, value);

    public Listing<T> Key(string name, Expression<Func<T, string?>> value) => Add(name, FieldTypes.Key, value);

    public Listing<T> Id(string name, Expression<Func<T, Guid?>> value) => Add(name, FieldTypes.Id, value);

    public Listing<T> Number(string name, Expression<Func<T, decimal?>> value) => Add(name, FieldTypes.Number, value);

    /// <summary>Lets records be filtered and sorted by an amount.</summary>
    /// <param name="name">The parameter, and the sort.</param>
    /// <param name="amount">The amount.</param>
    /// <param name="key">The amount as it is sorted by.</param>
    public Listing<T> Amount(string name, Expression<Func<T, decimal?>> amount, Expression<Func<T, double?>> key)
    {
        _fields.Add(name, new AmountField<T>(name, amount, key));
        return Sort(name, key);
    }

    public Listing<T> Date(string name, Expression<Func<T, DateOnly?>> value) => Add(name, FieldTypes.Date, value);

    public Listing<T> Time(string name, Expression<Func<T, DateTimeOffset?>> value) => Add(name, FieldTypes.Time, value);

    public Listing<T> YesNo(string name, Expression<Func<T, bool?>> value) => Add(name, FieldTypes.YesNo, value);

    /// <summary>Lets records be filtered by the fields a workspace has given them.</summary>
    public Listing<T> Custom(string recordType)
    {
        CustomFieldsOf = recordType;
        return this;
    }

    /// <summary>Lets records be sorted by a key that is leakproof to compare (not numeric); one that may be null has a type that says so.</summary>
    public Listing<T> Sort<TKey>(string name, Expression<Func<T, TKey>> key)
    {
        _sorts.Add(name, new SortKey<T, TKey>(name, key, id));
        return this;
    }

    /// <summary>Answers a request for a page, in one statement; one more says which custom fields there are, where it is filtered by some.</summary>
    /// <param name="parameters">The query string.</param>
    /// <param name="db">Where the records are.</param>
    /// <param name="shape">How one is shown.</param>
    /// <param name="ct">Cancels the reading.</param>
    public async Task<Results<Ok<Page<TResponse>>, ProblemHttpResult>> AnswerAsync<TResponse>(
        IQueryCollection parameters, CrmDbContext db, Expression<Func<T, TResponse>> shape, CancellationToken ct)
    {
        var asked = await ListParameters<T>.ReadAsync(this, parameters, db, ["sort", "deleted", "limit", "after"], ct);
        var (sort, descending) = asked.Sort(Listings.DefaultSort);
        var query = asked.Query(sort.Name, descending ? "down" : "up");
        var page = new PageRequest(descending, asked.Limit(Pages.Size(null), Pages.Max), asked.After(sort, query), query);
        if (asked.Faults.Count > 0) return Problems.Faulty(asked.Faults);
        return TypedResults.Ok(await sort.PageAsync(asked.Keep(db.Set<T>()), page, shape, ct));
    }

    /// <summary>Finds what is wrong with filters and sort somebody wants to keep.</summary>
    public async Task<IReadOnlyList<Fault>> CheckAsync(IQueryCollection parameters, CrmDbContext db, CancellationToken ct)
    {
        var asked = await ListParameters<T>.ReadAsync(this, parameters, db, ["sort", "deleted"], ct);
        asked.Sort(Listings.DefaultSort);
        return asked.Faults;
    }

    private Listing<T> Add<TValue>(string name, FieldType<TValue> type, Expression<Func<T, TValue?>> value)
    {
        _fields.Add(name, new Field<T, TValue>(name, type, value));
        return this;
    }
}

/// <summary>What the records of several nouns have in common.</summary>
internal static class Listings
{
    /// <summary>The sort of those who ask for none: the newest first.</summary>
    public const string DefaultSort = "-createdAt";

    // Names come in the order people expect, whatever the database's own.
    private const string NameOrder = "und-x-icu";

    /// <summary>Starts with what every record of the CRM has.</summary>
    public static Listing<T> Of<T>()
        where T : CrmRecord =>
        // Versions begin with 1; saying so is what the indexes of lists are known by: see 50_lists.sql.
        new Listing<T>(r => r.Id, records => records.Where(r => r.Version > 0), records => records.IgnoreQueryFilters().Where(r => r.DeletedAt != null))
            .Time("createdAt", r => r.CreatedAt).Sort("createdAt", r => r.CreatedAt).Id("createdBy", r => r.CreatedBy)
            .Time("updatedAt", r => r.UpdatedAt).Sort("updatedAt", r => r.UpdatedAt!.Value).Id("updatedBy", r => r.UpdatedBy);

    public static Listing<T> Owned<T>(this Listing<T> listing)
        where T : CrmRecord, IOwned => listing
        .Text("name", r => r.Name).Sort("name", r => EF.Functions.Collate(r.Name, NameOrder))
        .Id("ownerId", r => r.OwnerId).Id("previousOwnerId", r => r.PreviousOwnerId);

    public static Listing<T> About<T>(this Listing<T> listing)
        where T : CrmRecord, IAbout => listing
        .Id("dealId", r => r.DealId).Id("leadId", r => r.LeadId).Id("personId", r => r.PersonId).Id("organizationId", r => r.OrganizationId).Id("recordId", r => r.RecordId);

    public static Listing<T> Governed<T>(this Listing<T> listing)
        where T : CrmRecord, IGoverned => listing
        .Key("step", r => r.Step).Number("probability", r => (decimal?)r.Probability)
        .Time("stepEnteredAt", r => r.StepEnteredAt).Sort("stepEnteredAt", r => r.StepEnteredAt);
}
