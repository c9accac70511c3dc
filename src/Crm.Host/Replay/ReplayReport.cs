using System.Globalization;
using Crm.Wfm.History;

namespace Crm.Host.Replay;

/// <summary>Tells what a replay found, as plain lines.</summary>
internal static class ReplayReport
{
    public static async Task WriteAsync(TextWriter output, ReplayCounts counts, TimeSpan took, IReadOnlyList<(string Step, int Count)> steps, HistoryReport report)
    {
        var moves = counts.Starts + counts.Moves;
        await Line($"cases                {counts.Total:N0} by {counts.Users:N0} users");
        await Line($"moves                {moves:N0} ({counts.Starts:N0} starts, {counts.Moves:N0} transitions)");
        await Line($"refusals             {counts.Stopped.Values.Sum():N0} cases stopped");
        foreach (var (why, count) in counts.Stopped.OrderByDescending(r => r.Value)) await Line($"  {count,10:N0}  {why}");
        foreach (var example in counts.Examples) await Line($"              {example}");
        await Line($"would have refused   {counts.Observed.Values.Sum():N0} past moves");
        foreach (var (key, count) in counts.Observed.OrderByDescending(r => r.Value)) await Line($"  {count,10:N0}  {key}");
        await Line($"projects per step");
        foreach (var (step, count) in steps) await Line($"  {count,10:N0}  {step}");
        await Line($"moves per second     {moves / took.TotalSeconds:N0} ({took.TotalSeconds:N1} s)");
        await Line($"history              {report.Rows:N0} rows of {report.Projects:N0} projects: {(report.Holds ? "every chain holds, every state rebuilt equals the stored one" : "BROKEN")}");
        foreach (var broken in report.Broken) await Line($"  {broken.Project} version {broken.Version}: {broken.What}");

        Task Line(FormattableString text) => output.WriteLineAsync(text.ToString(CultureInfo.InvariantCulture));
    }
}
