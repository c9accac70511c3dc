using System.Text;
using System.Text.Json.Nodes;
using Crm.Entities.Deals;
using Crm.Entities.Leads;
using Crm.Entities.Organizations;
using Crm.Entities.People;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Crm.Entities.Records;

/// <summary>Maps classes to the tables the migrations make: snake_case columns, the workspace in every key.</summary>
internal static class RecordTables
{
    /// <summary>Maps a tenant's table keyed by workspace and id, or by workspace and other properties.</summary>
    public static EntityTypeBuilder<T> MapTable<T>(this ModelBuilder model, string table, params string[] key)
        where T : class
    {
        var entity = model.Entity<T>();
        entity.ToTable(table, CrmDbContext.Schema, t => t.ExcludeFromMigrations());
        entity.HasKey(["WorkspaceId", .. key.DefaultIfEmpty("Id")]).HasName("pk_" + table);
        foreach (var property in entity.Metadata.GetProperties())
        {
            property.ValueGenerated = ValueGenerated.Never;
            property.SetColumnName(SnakeCase(property.Name));
        }

        return entity;
    }

    /// <summary>Maps a record: version checked at every write, deleted ones left out, the workspace's own fields as jsonb.</summary>
    public static EntityTypeBuilder<T> MapRecord<T>(this ModelBuilder model, string table)
        where T : CrmRecord
    {
        var entity = model.MapTable<T>(table);
        entity.Property(r => r.Version).IsConcurrencyToken();
        entity.HasQueryFilter(r => r.DeletedAt == null);
        if (typeof(T).IsAssignableTo(typeof(ICustomFields))) entity.Property<string>(nameof(ICustomFields.Custom)).HasColumnType("jsonb").Metadata.SetValueComparer(new SameJson());
        return entity;
    }

    /// <summary>Maps a link within the workspace, from a property such as <c>OwnerId</c>.</summary>
    public static EntityTypeBuilder<T> Link<T, TTarget>(this EntityTypeBuilder<T> entity, string navigation)
        where T : class
        where TTarget : class
    {
        entity.HasOne<TTarget>(navigation).WithMany().HasForeignKey("WorkspaceId", navigation + "Id").IsRequired(false).OnDelete(DeleteBehavior.NoAction);
        return entity;
    }

    /// <summary>Maps a column that the database keeps to sort by; no property of the class, nobody writes it.</summary>
    public static EntityTypeBuilder<T> SortedBy<T>(this EntityTypeBuilder<T> entity, string key)
        where T : class
    {
        var property = entity.Property<double?>(key).HasColumnName(SnakeCase(key)).Metadata;
        property.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
        property.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        return entity;
    }

    /// <summary>Maps the links of a record to the one it is about.</summary>
    public static EntityTypeBuilder<T> LinkAbout<T>(this EntityTypeBuilder<T> entity)
        where T : class, IAbout =>
        entity.Link<T, Deal>("Deal").Link<T, Lead>("Lead").Link<T, Person>("Person").Link<T, Organization>("Organization").Link<T, RecordRow>("Record");

    /// <summary>PostgreSQL spells JSON in its own way: fields nobody touched have not changed.</summary>
    private sealed class SameJson() : ValueComparer<string>((a, b) => a == b || JsonNode.DeepEquals(Parse(a), Parse(b)), _ => 0, json => json)
    {
        private static JsonNode? Parse(string? json) => json is null ? null : JsonNode.Parse(json);
    }

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
