using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Crm.Benchmarks.Events;
using Crm.Benchmarks.Flows;
using Crm.Benchmarks.History;
using Crm.Benchmarks.Import;
using Crm.Benchmarks.Lists;
using Crm.Benchmarks.Moves;
using Crm.Benchmarks.Rules;

namespace Crm.Benchmarks;

internal static class Program
{
    private static readonly Dictionary<string, Func<string[], Task>> All = new()
    {
        ["guards"] = GuardBenchmark.RunAsync,
        ["operators"] = Run<OperatorBenchmark>,
        ["bombs"] = BombBenchmark.RunAsync,
        ["fixes"] = FixBenchmark.RunAsync,
        ["import"] = ImportBenchmark.RunAsync,
        ["moves"] = MoveBenchmark.RunAsync,
        ["events"] = EventBenchmark.RunAsync,
        ["flows"] = FlowBenchmark.RunAsync,
        ["lists"] = ListBenchmark.RunAsync,
        ["history"] = VerificationBenchmark.RunAsync,
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

    // In this process: BenchmarkDotNet would build a project of its own for every job.
    private static Task Run<TBenchmark>(string[] args)
    {
        BenchmarkRunner.Run<TBenchmark>(DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(60))
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "crm-benchmarks")));
        return Task.CompletedTask;
    }
}
