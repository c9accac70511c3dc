using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Crm.Host.Tests.Readme;

/// <summary>
/// The shell session a page shows: its <c>bash</c> fences whose first line is <c># tested</c>, each with the output the <c>json</c> or <c>text</c> fence
/// directly after it promises.
/// </summary>
internal sealed partial class Transcript
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What a page runs by "dotnet run" has been built already.
    private const string Built = """
        dotnet() { [[ "$1 $2 $3 $4" == "run --project "*"src/Crm.Host --" ]]; shift 4; "$BUILT_BY" "$BUILT" "$@"; }

        """;

    private readonly IReadOnlyList<(string Script, string? Language, string? Output)> _steps;

    private Transcript(IReadOnlyList<(string, string?, string?)> steps, IReadOnlyList<string> untried) => (_steps, Untried) = (steps, untried);

    public int Count => _steps.Count;

    /// <summary>Gets the languages of the fences that are neither run nor promised as the output of one that is.</summary>
    public IReadOnlyList<string> Untried { get; }

    public static Transcript Of(string markdown)
    {
        var fences = Fence().Matches(markdown).ToList();
        var (steps, untried) = (new List<(string, string?, string?)>(), new List<string>());
        for (var i = 0; i < fences.Count; i++)
        {
            var (language, text) = (fences[i].Groups["language"].Value, fences[i].Groups["text"].Value);
            if (language != "bash" || !text.StartsWith("# tested\n", StringComparison.Ordinal))
            {
                if (language.Length > 0) untried.Add(language);
                continue;
            }

            var next = i + 1 < fences.Count && markdown[(fences[i].Index + fences[i].Length)..fences[i + 1].Index].Trim().Length == 0 ? fences[i + 1].Groups : null;
            var isPromised = next?["language"].Value is "json" or "text";
            steps.Add(isPromised ? (text, next!["language"].Value, next["text"].Value) : (text, null, null));
            if (isPromised) i++;
        }

        return new(steps, untried);
    }

    /// <summary>Runs the session in one bash and compares what it prints with what the page says.</summary>
    /// <param name="url">The host, given to the scripts as URL and PORT; API is its REST API.</param>
    /// <param name="key">The API key, given as KEY.</param>
    public async Task ShouldHappenAsync(string url, string key)
    {
        var mark = $"--- {Path.GetRandomFileName()} ---";
        var script = string.Join($"\nprintf '\\n%s\\n' '{mark}'\n", _steps.Select(s => s.Script));
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", Built + script]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Checkout.Root };
        (start.Environment["URL"], start.Environment["PORT"], start.Environment["API"], start.Environment["KEY"]) = (url, $"{new Uri(url).Port}", $"{url}/api/v1", key);
        (start.Environment["BUILT_BY"], start.Environment["BUILT"]) = (Environment.ProcessPath, Path.Combine(AppContext.BaseDirectory, "Crm.Host.dll"));
        using var bash = Process.Start(start)!;
        var (output, errors) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync();
        bash.ExitCode.ShouldBe(0, $"{await output}\n{await errors}");
        foreach (var (said, step) in (await output).Split($"\n{mark}\n").Zip(_steps))
        {
            if (step.Output is { } promised) Normal(said, step.Language!).ShouldBe(Normal(promised, step.Language!), step.Script);
        }
    }

    /// <summary>Takes out what differs from run to run; JSON is compared as such, however it is indented and ordered.</summary>
    internal static string Normal(string text, string language)
    {
        if (language == "json") text = Ordered(JsonNode.Parse(text))!.ToJsonString(Readable);
        text = TraceId().Replace(text, "$1<trace>");
        text = Trace().Replace(text, "<trace>");
        text = Position().Replace(text, "$1<position>");
        text = Key().Replace(text, "<key>");
        text = Hash().Replace(text, "<hash>");
        text = Uuid().Replace(text, "<uuid>");
        text = Time().Replace(text, "<time>");
        text = Host().Replace(text, "<host>");
        return text.ReplaceLineEndings("\n").Trim();
    }

    private static JsonNode? Ordered(JsonNode? json) => json switch
    {
        JsonObject o => new JsonObject(o.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Ordered(m.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Ordered)]),
        _ => json?.DeepClone(),
    };

    [GeneratedRegex("^```(?<language>[a-z]*)(?: [a-z]+)?\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("(\"traceId\":\\s*\")[^\"]+")]
    private static partial Regex TraceId();

    [GeneratedRegex("\\b00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]\\b")]
    private static partial Regex Trace();

    [GeneratedRegex("(\"sequence\":\\s*\")[0-9]{19}")]
    private static partial Regex Position();

    [GeneratedRegex("crm_[0-9a-f]{32}_[A-Za-z0-9_-]{51}")]
    private static partial Regex Key();

    [GeneratedRegex("\\b[0-9a-f]{64}\\b")]
    private static partial Regex Hash();

    [GeneratedRegex("\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")]
    private static partial Regex Time();

    [GeneratedRegex(@"\b(localhost|127\.0\.0\.1):\d+")]
    private static partial Regex Host();
}
