using Crm.Benchmarks.Moves;

namespace Crm.Benchmarks;

internal static class Program
{
    private static readonly Dictionary<string, Func<string[], Task>> All = new()
    {
        ["moves"] = MoveBenchmark.RunAsync,
    };

    public static async Task<int> Main(string[] args)
    {
        if (args is not [var name, .. var rest] || !All.TryGetValue(name, out var run))
        {
            await Console.Error.WriteLineAsync($"usage: dotnet run -c Release --project tests/Crm.Benchmarks -- {string.Join(" | ", All.Keys)}");
            return 1;
        }

        await run(rest);
        return 0;
    }
}
