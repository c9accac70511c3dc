using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Crm.Wfm.Persistence;

/// <summary>Maps the package's tables into a host's model, for reading and for generic records.</summary>
public static class WfmModel
{
    /// <summary>The schema of every table of the package.</summary>
    public const string Schema = "wfm";

    private const string ReadOnly = "Wfm:ReadOnly";

    /// <summary>Maps the tables of schema <c>wfm</c>. They are left out of the host's migrations: <c>MigrateWfmAsync</c> makes them.
    /// Call it after loops of your own that rename what they find in the model.</summary>
    public static ModelBuilder AddWfm(this ModelBuilder model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Map<BundleRow>(model, "bundle", r => new { r.WorkspaceId, r.Key, r.Version }, json: [nameof(BundleRow.DespiteFailingTests)]);
        Map<WorkflowVersionRow>(model, "workflow_version", r => new { r.WorkspaceId, r.Id }, json: [nameof(WorkflowVersionRow.Definition)]);
        Map<ProjectTypeRow>(model, "project_type", r => new { r.WorkspaceId, r.Key }, json: [nameof(ProjectTypeRow.Title)]);
        Map<RoleRow>(model, "role", r => new { r.WorkspaceId, r.Key }, json: [nameof(RoleRow.Title)]);
        Map<ProjectRow>(model, "project", r => new { r.WorkspaceId, r.Id }, json: [nameof(ProjectRow.Fields)]);
        Map<HistoryRow>(model, "history", r => new { r.WorkspaceId, r.ProjectId, r.Version }, json: [nameof(HistoryRow.Private)]);
        Map<EventRow>(model, "event", r => new { r.WorkspaceId, r.Sequence }, json: [nameof(EventRow.Data)]);
        Map<FeedRow>(model, "feed", r => new { r.WorkspaceId, r.Position });
        Map<ParkedEventRow>(model, "parked_event", r => new { r.WorkspaceId, r.Position, r.Consumer });
        Map<RecordRow>(model, "record", r => new { r.WorkspaceId, r.Id }, readOnly: false, json: [nameof(RecordRow.Fields)])
            .Property(r => r.Version).IsConcurrencyToken();
        return model;
    }

    internal static bool IsReadOnly(IReadOnlyEntityType type) => type.FindAnnotation(ReadOnly) is not null;

    private static EntityTypeBuilder<TRow> Map<TRow>(
        ModelBuilder model, string table, System.Linq.Expressions.Expression<Func<TRow, object?>> key, bool readOnly = true, string[]? json = null)
        where TRow : class
    {
        var entity = model.Entity<TRow>();
        entity.ToTable(table, Schema, t => t.ExcludeFromMigrations());
        entity.HasKey(key).HasName("pk_" + table);
        if (readOnly) entity.HasAnnotation(ReadOnly, true);
        foreach (var property in entity.Metadata.GetProperties())
        {
            property.ValueGenerated = ValueGenerated.Never;
            property.SetColumnName(SnakeCase(property.Name));
            if (json?.Contains(property.Name) is true) property.SetColumnType("jsonb");
        }

        return entity;
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
