using System.Text;
using Crm.Entities.Deals;
using Crm.Entities.Leads;
using Crm.Entities.Organizations;
using Crm.Entities.People;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
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
        if (typeof(T).IsAssignableTo(typeof(ICustomFields))) entity.Property(nameof(ICustomFields.Custom)).HasColumnType("jsonb");
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

    /// <summary>Maps the links of a record to the one it is about.</summary>
    public static EntityTypeBuilder<T> LinkAbout<T>(this EntityTypeBuilder<T> entity)
        where T : class, IAbout =>
        entity.Link<T, Deal>("Deal").Link<T, Lead>("Lead").Link<T, Person>("Person").Link<T, Organization>("Organization").Link<T, RecordRow>("Record");

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
