using System.Diagnostics;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Crm.Wfm.Flows.Tests.App;

/// <summary>How the host is started.</summary>
public sealed record HostOptions(string Connection, string Outside, TimeSpan Lease, TimeSpan Timeout, int Crashes, int Batch);

/// <summary>A clock that is told what time it is.</summary>
public sealed class ToldClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>What was noted down.</summary>
public sealed class NoteRow
{
    public required Guid WorkspaceId { get; init; }

    public required Guid Id { get; init; }

    public required string Text { get; init; }
}

/// <summary>A context with a table for notes.</summary>
public sealed class NoteContext(DbContextOptions<NoteContext> options) : DbContext(options)
{
    /// <summary>The table, for the test to make.</summary>
    public const string Table = """
        create table public.app_note (workspace_id uuid not null, id uuid primary key, text text not null);
        create table public.app_call (key text not null);
        grant select, insert on public.app_note, public.app_call to public;
        """;

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddWfm();
        var note = modelBuilder.Entity<NoteRow>().ToTable("app_note", "public");
        note.HasKey(n => n.Id);
        note.Property(n => n.Id).HasColumnName("id");
        note.Property(n => n.WorkspaceId).HasColumnName("workspace_id");
        note.Property(n => n.Text).HasColumnName("text");
    }
}

/// <summary>The outside: it remembers who called, whatever becomes of the caller.</summary>
public sealed class Outside(string connection)
{
    public async Task CallAsync(string key, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand("insert into public.app_call values ($1)");
        command.Parameters.Add(new() { Value = key });
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>Notes something down; leaves saving to the run.</summary>
[FlowActivity("App.Note", "App", "Notes something down.")]
public sealed class Note(NoteContext db) : IFlowActivity
{
    [FlowInput("What.")]
    public required string Text { get; init; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        db.Add(new NoteRow { WorkspaceId = flow.Workspace, Id = Guid.CreateVersion7(flow.Now), Text = Text });
        return Task.FromResult(ActivityResult.Done);
    }
}

/// <summary>Calls the outside.</summary>
[FlowActivity("App.Call", "App", "Calls the outside.")]
public sealed class Call(Outside outside) : IOutsideActivity
{
    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        await outside.CallAsync(flow.IdempotencyKey, ct);
        return ActivityResult.Done;
    }
}

/// <summary>Whether a host may be killed from within: that of the tests themselves may not.</summary>
public sealed record Mortality(bool IsMortal);

/// <summary>Kills its host, as a stack that overflows would.</summary>
[FlowActivity("App.Kill", "App", "Kills its host.")]
public sealed class Kill(Mortality mortality) : IFlowActivity
{
    [FlowInput("Whether it does.")]
    public bool When { get; init; } = true;

    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        if (!When) return ActivityResult.Done;
        if (!mortality.IsMortal) throw new InvalidOperationException("This host is not to be killed.");
        Process.GetCurrentProcess().Kill();
        await Task.Delay(Timeout.Infinite, ct);
        return ActivityResult.Done;
    }
}
