using System.Diagnostics;
using Npgsql;

namespace Crm.Testing;

/// <summary>Hears which commands requests to this process send to one database (workers send theirs for nobody), until it is disposed of. (BEGIN travels ahead of the first and is none.)</summary>
public sealed class SentStatements : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly List<string> _texts = [];

    public SentStatements(string connectionString)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString).Database;
        _listener = new()
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name != "Npgsql" || activity.Parent is null) return;
                var tags = activity.TagObjects.ToDictionary(t => t.Key, t => t.Value as string);
                if (tags.GetValueOrDefault("db.namespace") != database) return;
                lock (_texts) _texts.Add(tags.GetValueOrDefault("db.query.text") ?? activity.DisplayName);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Gets their texts so far.</summary>
    public IReadOnlyList<string> Texts
    {
        get
        {
            lock (_texts) return [.. _texts];
        }
    }

    public void Dispose() => _listener.Dispose();
}
