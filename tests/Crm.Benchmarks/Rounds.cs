using System.Globalization;

namespace Crm.Benchmarks;

/// <summary>One way to do something.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="MeasureAsync">Does it and gives a figure, such as moves per second.</param>
internal sealed record Contestant(string Name, Func<Task<double>> MeasureAsync);

/// <summary>
/// Lets contestants take turns, round after round, so that whatever else the machine does meets them alike. Figures drift; the ratio to the first
/// contestant, taken within each round, is what counts.
/// </summary>
internal sealed class Rounds(string unit, int count)
{
    public async Task RunAsync(params IReadOnlyList<Contestant> contestants)
    {
        var figures = await MeasureAsync(contestants);
        Write("", $"median {unit}", "from – to", "ratio", "from – to");
        for (var i = 0; i < contestants.Count; i++)
        {
            var ratios = Ratios(figures[i], figures[0]);
            Write(contestants[i].Name, Text(Median(figures[i])), Spread(figures[i]), Text(Median(ratios)), Spread(ratios));
        }
    }

    /// <summary>Gives the figures of each contestant, round by round.</summary>
    public async Task<IReadOnlyList<double[]>> MeasureAsync(params IReadOnlyList<Contestant> contestants)
    {
        var figures = contestants.Select(_ => new double[count]).ToList();
        foreach (var contestant in contestants) await contestant.MeasureAsync(); // warm
        for (var round = 0; round < count; round++)
        {
            for (var i = 0; i < contestants.Count; i++) figures[i][round] = await contestants[i].MeasureAsync();
        }

        return figures;
    }

    public static double[] Ratios(double[] figures, double[] baseline) => [.. figures.Zip(baseline, (own, other) => own / other)];

    public static double Median(double[] figures)
    {
        var sorted = figures.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    public static string Spread(double[] figures) => $"{Text(figures.Min())} – {Text(figures.Max())}";

    public static string Text(double figure) => figure.ToString(figure < 100 ? "0.00" : "N0", CultureInfo.InvariantCulture);

    private static void Write(string name, string median, string spread, string ratio, string ratios) =>
        Console.WriteLine($"{name,-40} {median,16} {spread,20} {ratio,8} {ratios,15}");
}
