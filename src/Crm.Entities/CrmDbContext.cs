using Crm.Entities.ApiKeys;
using Crm.Entities.Users;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Crm.Entities;

/// <summary>The CRM's context: its records and the engine's, committed together.</summary>
public sealed class CrmDbContext(DbContextOptions<CrmDbContext> options) : DbContext(options)
{
    /// <summary>The schema of the CRM's tables.</summary>
    public const string Schema = "crm";

    /// <summary>Gets the members of the workspace.</summary>
    public DbSet<User> Users => Set<User>();

    /// <summary>Gets the API keys of the workspace.</summary>
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddWfm();
        modelBuilder.Entity<User>(e =>
        {
            e.ToTable("user", Schema, t => t.ExcludeFromMigrations());
            e.HasKey(u => new { u.WorkspaceId, u.Id }).HasName("pk_user");
            e.Property(u => u.WorkspaceId).HasColumnName("workspace_id");
            e.Property(u => u.Id).HasColumnName("id").ValueGeneratedNever();
            e.Property(u => u.Name).HasColumnName("name");
            e.Property(u => u.Roles).HasColumnName("roles");
            e.Property(u => u.CreatedAt).HasColumnName("created_at");
        });
        modelBuilder.Entity<ApiKey>(e =>
        {
            e.ToTable("api_key", Schema, t => t.ExcludeFromMigrations());
            e.HasKey(k => new { k.WorkspaceId, k.Id }).HasName("pk_api_key");
            e.Property(k => k.WorkspaceId).HasColumnName("workspace_id");
            e.Property(k => k.Id).HasColumnName("id").ValueGeneratedNever();
            e.Property(k => k.UserId).HasColumnName("user_id");
            e.Property(k => k.SecretHash).HasColumnName("secret_hash");
            e.Property(k => k.CreatedAt).HasColumnName("created_at");
            e.Property(k => k.RevokedAt).HasColumnName("revoked_at");
            e.HasOne<User>().WithMany().HasForeignKey(k => new { k.WorkspaceId, k.UserId }).HasConstraintName("fk_api_key_user");
        });
    }
}
