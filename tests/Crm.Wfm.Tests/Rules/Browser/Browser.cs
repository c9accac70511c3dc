using System.Diagnostics;
using System.Text;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Rules.Browser;

/// <summary>The rules as a browser evaluates them: the same TypeScript, run by Node.js.</summary>
internal static class Browser
{
    /// <summary>Evaluates rules one after the other.</summary>
    /// <param name="cases">The rules with their data.</param>
    /// <param name="asked"><c>needsServer</c>, to ask whether only the server can evaluate them.</param>
    /// <returns>For each <c>{"result":…}</c> or <c>{"error":…}</c>.</returns>
    public static async Task<IReadOnlyList<Value>> EvaluateAsync(IEnumerable<(Value Rule, Value Data)> cases, params string[] asked)
    {
        var here = AppContext.BaseDirectory;
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(here, "Rules/Browser/evaluate.mjs"), Folder, .. asked])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        var answers = ReadAsync(node.StandardOutput);
        foreach (var (rule, data) in cases)
        {
            await node.StandardInput.WriteAsync($$"""{"rule":{{rule}},"data":{{data}}}{{"\n"}}""");
        }

        node.StandardInput.Close();
        var all = await answers;
        await node.WaitForExitAsync();
        return all;
    }

    private static string Folder { get; } = typeof(Browser).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), false)
        .Cast<System.Reflection.AssemblyMetadataAttribute>().Single(a => a.Key == "BrowserRules").Value!;

    private static async Task<List<Value>> ReadAsync(StreamReader output)
    {
        var answers = new List<Value>();
        while (await output.ReadLineAsync() is { } line) answers.Add(Value.Parse(line));
        return answers;
    }
}
