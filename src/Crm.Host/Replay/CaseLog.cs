using System.Globalization;
using System.IO.Compression;
using CsvHelper;
using CsvHelper.Configuration;

namespace Crm.Host.Replay;

/// <summary>One event of a log.</summary>
internal sealed record LogEvent(string Activity, DateTimeOffset Time, string Resource);

/// <summary>One case of a log: its events in the log's order, and what else the first of them says, such as an amount.</summary>
internal sealed record LogCase(string Id, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<LogEvent> Events);

/// <summary>Reads event logs: CSV with the columns case, activity, time and resource, grouped by case; every other column is an attribute of the case. <c>.gz</c> is unpacked on the way.</summary>
internal static class CaseLog
{
    private static readonly string[] Columns = ["case", "activity", "time", "resource"];

    /// <exception cref="InvalidDataException">The file is no such log; the message names file and line.</exception>
    public static IReadOnlyList<LogCase> Read(string file)
    {
        using var stream = File.OpenRead(file);
        using Stream plain = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        using var csv = new CsvReader(new StreamReader(plain), new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim });
        try
        {
            return Read(csv);
        }
        catch (CsvHelperException e)
        {
            throw new InvalidDataException($"{file}: Line {csv.Context.Parser?.RawRow}: {e.Message.Split('\n')[0].TrimEnd()}", e);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{file}: {e.Message}", e); // ours, or one of unpacking
        }
    }

    private static List<LogCase> Read(CsvReader csv)
    {
        if (!csv.Read() || !csv.ReadHeader()) throw new InvalidDataException("The log is empty.");
        if (Columns.Except(csv.HeaderRecord!).ToList() is { Count: > 0 } missing) throw new InvalidDataException($"The log lacks the column {string.Join(", ", missing)}.");
        var attributes = csv.HeaderRecord!.Except(Columns).ToList();
        var cases = new List<LogCase>();
        var events = new List<LogEvent>();
        var seen = new HashSet<string>();
        while (csv.Read())
        {
            var id = csv.GetField("case")!;
            if (cases.Count == 0 || cases[^1].Id != id)
            {
                if (!seen.Add(id)) throw new InvalidDataException($"Line {csv.Context.Parser!.RawRow}: case {id} goes on after another one; group the log by case.");
                cases.Add(new(id, attributes.ToDictionary(a => a, a => csv.GetField(a)!), events = []));
            }

            events.Add(new(csv.GetField("activity")!, Time(csv), csv.GetField("resource")!));
        }

        return cases;
    }

    private static DateTimeOffset Time(CsvReader csv) =>
        DateTimeOffset.TryParse(csv.GetField("time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new InvalidDataException($"Line {csv.Context.Parser!.RawRow}: '{csv.GetField("time")}' is no time.");
}
