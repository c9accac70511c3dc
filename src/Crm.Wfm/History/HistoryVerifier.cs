using System.Text.Json;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Npgsql;

namespace Crm.Wfm.History;

/// <summary>What verifying a workspace's history found.</summary>
/// <param name="Projects">How many projects were looked at.</param>
/// <param name="Rows">How many history rows were read.</param>
/// <param name="Broken">The projects whose history does not hold, with the first version and what is wrong; at most 100 are listed.</param>
public sealed record HistoryReport(int Projects, int Rows, IReadOnlyList<BrokenHistory> Broken)
{
    /// <summary>Gets whether everything holds.</summary>
    public bool Holds => Broken.Count == 0;
}

/// <summary>A project whose history does not hold.</summary>
public sealed record BrokenHistory(Guid Project, int Version, string What);

/// <summary>Proves a workspace's history: recomputes every hash and digest, and rebuilds each project's state from its rows.</summary>
public sealed class HistoryVerifier
{
    private const int Listed = 100;
    private readonly HostContext _host;

    internal HistoryVerifier(HostContext host) => _host = host;

    /// <summary>Reads every history row of the current workspace once, in order.</summary>
    public Task<HistoryReport> VerifyAsync(CancellationToken ct) => _host.ExecuteAsync(ReadAsync, ct);

    private async Task<HistoryReport> ReadAsync(CancellationToken ct)
    {
        await using var transaction = await _host.BeginAsync(ct);
        await using var batch = _host.Batch();
        batch.Add("""
            select p.id, p.step, p.version, p.head, p.entered_at, p.completed_at is not null,
                   h.version, h.from_step, h.to_step, h.transition, h.actor_id, h.at, h.workflow_version_id, h.body, h.private, h.salt, h.prev, h.hash,
                   coalesce((select s.is_final from wfm.step s where s.workflow_version_id = h.workflow_version_id and s.key = h.to_step), false)
            from wfm.project p left join wfm.history h on h.project_id = p.id
            order by p.id, h.version
            """);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var report = new Verification();
        while (await reader.ReadAsync(ct)) report.Take(reader);
        return report.Finish();
    }

    private sealed class Verification
    {
        private readonly List<BrokenHistory> _broken = [];
        private int _projects;
        private int _rows;
        private RebuiltProject? _current;

        public void Take(NpgsqlDataReader row)
        {
            var project = row.GetGuid(0);
            if (_current?.Id != project)
            {
                End();
                _current = new(project, Stored(row));
                _projects++;
            }

            if (row.IsDBNull(6)) return;
            _rows++;
            _current.Append(HistoryLink.Read(row));
        }

        public HistoryReport Finish()
        {
            End();
            return new(_projects, _rows, _broken);
        }

        private void End()
        {
            if (_current?.Fault() is { } broken && _broken.Count < Listed) _broken.Add(broken);
        }

        private static RebuiltProject.State Stored(NpgsqlDataReader row) =>
            new(row.GetString(1), row.GetInt32(2), Convert.ToHexStringLower(row.GetFieldValue<byte[]>(3)), row.GetFieldValue<DateTimeOffset>(4), row.GetBoolean(5));
    }
}

/// <summary>One row of history as read back.</summary>
internal sealed record HistoryLink(int Version, string? From, string To, string? Transition, Guid Actor, DateTimeOffset At, Guid Workflow, string Body, string? Private, byte[]? Salt, byte[] Prev, byte[] Hash, bool Final)
{
    public static HistoryLink Read(NpgsqlDataReader r) => new(r.GetInt32(6), r.IsDBNull(7) ? null : r.GetString(7), r.GetString(8), r.IsDBNull(9) ? null : r.GetString(9),
        r.GetGuid(10), r.GetFieldValue<DateTimeOffset>(11), r.GetGuid(12), r.GetString(13), r.IsDBNull(14) ? null : r.GetString(14),
        r.IsDBNull(15) ? null : r.GetFieldValue<byte[]>(15), r.GetFieldValue<byte[]>(16), r.GetFieldValue<byte[]>(17), r.GetBoolean(18));

    /// <summary>Says what is wrong with the row by itself; <c>null</c> when nothing is.</summary>
    public string? Fault()
    {
        if (!HistoryEntry.Hash(Prev, Body).AsSpan().SequenceEqual(Hash)) return "the hash is not that of the body";
        if (Read(Body) is not { } body || CanonicalJson.Text(body) != Body) return "the body is not canonical";
        if (body["from"].AsText != From || body["to"].AsText != To || body["transition"].AsText != Transition || body["version"].AsNumber != Version
            || body["actor"].AsText != Actor.ToString() || body["workflow"].AsText != Workflow.ToString() || body["at"].AsText != HistoryEntry.TimeText(At)) return "the columns differ from the body";
        if (Private is not null && (Salt is null || Read(Private) is not { } personal || HistoryEntry.Digest(Salt, CanonicalJson.Text(personal)) != body["private"].AsText)) return "the private part is not the one that was hashed";
        return null;
    }

    // Whoever changed a row by hand may have left anything in it.
    private static Value? Read(string json)
    {
        try
        {
            return Value.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A project's state, rebuilt row by row, beside the one that is stored.</summary>
internal sealed class RebuiltProject(Guid id, RebuiltProject.State stored)
{
    private State _rebuilt = new("", 0, "", default, false);
    private BrokenHistory? _fault;

    public Guid Id => id;

    public void Append(HistoryLink link)
    {
        var wrong = link.Version != _rebuilt.Version + 1 ? "a row is missing"
            : Convert.ToHexStringLower(link.Prev) != _rebuilt.Head ? "the chain is broken"
            : link.From != (_rebuilt.Version == 0 ? null : _rebuilt.Step) ? "the move leaves another step than the one before reached"
            : link.Fault();
        if (wrong is not null) _fault ??= new(id, link.Version, wrong);
        _rebuilt = new(link.To, link.Version, Convert.ToHexStringLower(link.Hash), link.At, link.Final);
    }

    public BrokenHistory? Fault() => _fault ?? (_rebuilt == stored ? null : new(id, stored.Version, $"history leads to {_rebuilt.Step} at version {_rebuilt.Version}, stored is {stored.Step} at {stored.Version}"));

    public sealed record State(string Step, int Version, string Head, DateTimeOffset EnteredAt, bool Completed);
}
