using System.Text.Json;
using Crm.Wfm;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Crm.Entities.Records;

/// <summary>The fields of records by the names the API gives them, for automations: what everybody may set by an ordinary update, read and written.</summary>
internal static class RecordFields
{
    // Written by moves, by giving a record to somebody, by completing and converting: each has its own way, which tells of it.
    private static readonly string[] Apart =
        ["id", "workspaceId", "version", "createdAt", "createdBy", "updatedAt", "updatedBy", "deletedAt", "ownerId", "previousOwnerId", "projectId", "step", "stepEnteredAt", "probability", "custom",
         "doneAt", "doneBy", "isSystem", "causeEventId", "convertedAt", "convertedDealId", "convertedPersonId", "convertedOrganizationId", "qualifiedAt", "closedAt", "kind"];

    private static readonly string[] Nouns = ["deal", "lead", "person", "organization", "activity"];

    /// <summary>Reads <c>type/id</c>, as an event's subject has it.</summary>
    /// <exception cref="FlowException">It is none.</exception>
    public static (string Noun, Guid Id) Reference(string record) =>
        record.Split('/') is [var noun, var id] && Nouns.Contains(noun) && Guid.TryParse(id, out var key) ? (noun, key)
        : throw new FlowException($"'{record}' is no record such as deal/01a1fc71-47f4-7392-9133-fafdbf924859 (there are {string.Join(", ", Nouns)})");

    /// <summary>Finds a record that is there, and locks it until the transaction ends.</summary>
    /// <exception cref="FlowException">There is none.</exception>
    public static async Task<CrmRecord> LockAsync(CrmDbContext db, string record, CancellationToken ct)
    {
        var (noun, id) = Reference(record);
        return await (noun switch
        {
            "deal" => LockAsync<Deals.Deal>(db, id, ct),
            "lead" => LockAsync<Leads.Lead>(db, id, ct),
            "person" => LockAsync<People.Person>(db, id, ct),
            "organization" => LockAsync<Organizations.Organization>(db, id, ct),
            _ => LockAsync<Activities.Activity>(db, id, ct),
        }) ?? throw new FlowException($"there is no {noun} {id}");
    }

    // What another activity of the run has changed in it is saved by then.
    private static async Task<CrmRecord?> LockAsync<T>(CrmDbContext db, Guid id, CancellationToken ct)
        where T : CrmRecord
    {
        var table = db.Model.FindEntityType(typeof(T))!.GetTableName();
#pragma warning disable EF1002 // the one name in it is the model's own
        var found = await db.Set<T>().FromSqlRaw($"select * from crm.{table} where id = {{0}} for no key update", id).SingleOrDefaultAsync(ct);
#pragma warning restore EF1002
        if (found is not null) await db.Entry(found).ReloadAsync(ct);
        return found;
    }

    /// <summary>Sets fields; what is wrong is said by its name.</summary>
    /// <exception cref="FlowException">A field is none that may be set so, or a value is none of its values.</exception>
    public static void Set(EntityEntry entry, FactObject changes)
    {
        foreach (var (name, value) in changes)
        {
            var property = Find(entry.Metadata, name);
            if (Apart.Contains(name)) throw new FlowException($"{name} is not set by an update: it changes by a move, by giving the record to somebody, or by completing it");
            entry.Property(property.Name).CurrentValue = Read(property, name, value);
        }
    }

    /// <summary>Lists records whose fields are equal to these.</summary>
    public static async Task<IReadOnlyList<Value>> FindAsync(CrmDbContext db, string noun, FactObject where, int limit, CancellationToken ct)
    {
        return await (noun switch
        {
            "deal" => QueryAsync<Deals.Deal>(db, where, limit, ct),
            "lead" => QueryAsync<Leads.Lead>(db, where, limit, ct),
            "person" => QueryAsync<People.Person>(db, where, limit, ct),
            "organization" => QueryAsync<Organizations.Organization>(db, where, limit, ct),
            "activity" => QueryAsync<Activities.Activity>(db, where, limit, ct),
            _ => throw new FlowException($"there are no records of type '{noun}'{Closest.Hint(noun, Nouns)} (there are {string.Join(", ", Nouns)})"),
        });
    }

    private static async Task<IReadOnlyList<Value>> QueryAsync<T>(CrmDbContext db, FactObject where, int limit, CancellationToken ct)
        where T : CrmRecord
    {
        var (entity, query) = (db.Model.FindEntityType(typeof(T))!, db.Set<T>().AsNoTracking());
        foreach (var (name, value) in where)
        {
            var property = Find(entity, name);
            query = query.Where(Equal<T>(property, Read(property, name, value)));
        }

        var found = await query.OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).Take(limit).ToListAsync(ct);
        return [.. found.Select(r => Facts(db.Entry(r)))];
    }

    private static System.Linq.Expressions.Expression<Func<T, bool>> Equal<T>(IProperty property, object? value)
    {
        var record = System.Linq.Expressions.Expression.Parameter(typeof(T), "r");
        return System.Linq.Expressions.Expression.Lambda<Func<T, bool>>(System.Linq.Expressions.Expression.Equal(
            System.Linq.Expressions.Expression.Property(record, property.PropertyInfo!), System.Linq.Expressions.Expression.Constant(value, property.ClrType)), record);
    }

    private static Value Facts(EntityEntry entry)
    {
        var facts = new FactObjectBuilder();
        foreach (var property in entry.Metadata.GetProperties().Where(p => p.PropertyInfo is not null && p.Name is not ("WorkspaceId" or "Custom")))
            facts[JsonNamingPolicy.CamelCase.ConvertName(property.Name)] = Value.From(JsonSerializer.SerializeToElement(entry.Property(property.Name).CurrentValue, JsonSerializerOptions.Web));
        return Value.From(facts.Build());
    }

    private static IProperty Find(IEntityType entity, string name)
    {
        var names = entity.GetProperties().Where(p => p.PropertyInfo is not null).ToDictionary(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));
        return names.TryGetValue(name, out var property) ? property : throw new FlowException($"{entity.ClrType.Name} has no field {name}{Closest.Hint(name, names.Keys)}");
    }

    private static object? Read(IProperty property, string name, Value value)
    {
        try
        {
            return JsonSerializer.Deserialize(CanonicalJson.Text(value), property.ClrType, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            throw new FlowException($"{name} cannot be {value}");
        }
    }
}
