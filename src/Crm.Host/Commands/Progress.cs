using Spectre.Console;

namespace Crm.Host.Commands;

/// <summary>Shows how far long work is: on standard error, and only where somebody is looking.</summary>
internal static class Progress
{
    /// <summary>Does something to each of several things, in order.</summary>
    public static async Task<IReadOnlyList<TResult>> OverAsync<TResult>(string verb, IReadOnlyList<string> names, Func<string, Task<TResult>> work)
    {
        if (Console.IsErrorRedirected || names.Count < 2) return await AllAsync(names, work, _ => { });
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).StartAsync(context =>
        {
            var bar = context.AddTask(verb, maxValue: names.Count);
            return AllAsync(names, work, name =>
            {
                bar.Increment(1);
                bar.Description = Markup.Escape($"{verb} {Path.GetFileName(name)}");
            });
        });
    }

    /// <summary>The same, where nothing comes of it.</summary>
    public static Task OverAsync(string verb, IReadOnlyList<string> names, Func<string, Task> work) => OverAsync(verb, names, async name =>
    {
        await work(name);
        return 0;
    });

    private static async Task<IReadOnlyList<TResult>> AllAsync<TResult>(IReadOnlyList<string> names, Func<string, Task<TResult>> work, Action<string> done)
    {
        var results = new List<TResult>();
        foreach (var name in names)
        {
            results.Add(await work(name));
            done(name);
        }

        return results;
    }
}
