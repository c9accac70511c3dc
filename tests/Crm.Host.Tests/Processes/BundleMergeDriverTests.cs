using System.Diagnostics;
using System.Text.Json.Nodes;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Processes;

/// <summary>Two branches of a real repository change the same bundle, and git merges them with our driver, set up as the page says.</summary>
public sealed class BundleMergeDriverTests : IAsyncLifetime
{
    private const string File1 = "processes/sales pipeline.json";

    private static readonly string Host = Path.Combine(AppContext.BaseDirectory, "Crm.Host.dll");
    private static readonly string Page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "git.md"));

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public async Task InitializeAsync()
    {
        await GitAsync("init", "-q", "-b", "main");
        foreach (var setting in new[] { "merge.bundle.name", "merge.bundle.driver", "diff.bundle.textconv" }) await ConfigureAsync(setting);
        await WriteAsync(".gitattributes", Page.Split('\n').Single(line => line.StartsWith("processes/", StringComparison.Ordinal)) + "\n");
        await WriteAsync(File1, await File.ReadAllTextAsync(Samples.Bundle("sales-pipeline")));
        await CommitAsync("start");
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Branches_that_changed_neighbouring_lines_merge()
    {
        await BranchesAsync(
            b => b["workflows"]!["sales-pipeline"]!["steps"]!.AsArray().Single(s => s!["status"]!.GetValue<string>() == "negotiation")!["wipLimit"] = 20,
            b => b["workflows"]!["sales-pipeline"]!["steps"]!.AsArray().Single(s => s!["status"]!.GetValue<string>() == "negotiation")!["probability"] = 0.7);

        var merged = await GitAsync("merge", "-q", "--no-edit", "theirs");

        merged.ExitCode.ShouldBe(0, merged.Output);
        var step = (await ReadAsync())["workflows"]!["sales-pipeline"]!["steps"]!.AsArray().Single(s => s!["status"]!.GetValue<string>() == "negotiation")!;
        (step["wipLimit"]!.GetValue<int>(), step["probability"]!.GetValue<double>()).ShouldBe((20, 0.7));
        (await HostProcess.RunAsync(Host, "Production", null, "bundle", "validate", At(File1))).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Conflict_leaves_a_file_that_is_JSON_holds_all_three_and_is_not_published_by_mistake()
    {
        await BranchesAsync(b => b["params"]!["max-discount"]!["default"] = 0.2, b => (b["params"]!["max-discount"]!["default"], b["roles"]!["guest"]) = (0.1, new JsonObject()));

        var merged = await GitAsync("merge", "--no-edit", "theirs");

        merged.ExitCode.ShouldBe(1);
        foreach (var told in new[] { $"{File1}: conflict at /params/max-discount/default: both sides changed it", "base   0.15", "ours   0.2", "theirs 0.1", "CONFLICT (content)" }) merged.Output.ShouldContain(told);
        (await GitAsync("status", "--short")).Output.ShouldBe($"UU \"{File1}\"\n");
        var file = await ReadAsync();
        file["params"]!["max-discount"]!["default"]!.GetValue<double>().ShouldBe(0.2);
        file["roles"]!.AsObject().ContainsKey("guest").ShouldBeTrue();
        file["x-merge-conflicts"]!.ToJsonString().ShouldBe("""[{"base":0.15,"message":"both sides changed it","ours":0.2,"pointer":"/params/max-discount/default","theirs":0.1}]""");
        var checkedBundle = await HostProcess.RunAsync(Host, "Production", null, "bundle", "validate", At(File1));
        checkedBundle.ExitCode.ShouldBe(1);
        checkedBundle.Output.ShouldContain("[unresolved-conflict]");
    }

    [Fact]
    public async Task Two_right_bundles_that_are_wrong_together_are_told()
    {
        await BranchesAsync(
            b => b["roles"]!.AsObject().Remove("sales-rep"),
            b => b["workflows"]!["sales-pipeline"]!["transitions"]!["contact"]!["allow"] = JsonNode.Parse("""[{"roles":["sales-rep"]}]"""));

        var merged = await GitAsync("merge", "--no-edit", "theirs");

        merged.ExitCode.ShouldBe(1);
        merged.Output.ShouldContain("there is no role 'sales-rep'");
        (await ReadAsync())["roles"]!.AsObject().ContainsKey("sales-rep").ShouldBeFalse();
    }

    [Fact]
    public async Task Broken_file_on_one_side_leaves_ours_as_it_was()
    {
        var ours = await File.ReadAllTextAsync(At(File1));
        await GitAsync("checkout", "-q", "-b", "theirs");
        await WriteAsync(File1, ours[..2000]);
        await CommitAsync("theirs");
        await GitAsync("checkout", "-q", "main");
        ours = ours.Replace("0.15", "0.2");
        await WriteAsync(File1, ours);
        await CommitAsync("ours");

        var merged = await GitAsync("merge", "--no-edit", "theirs");

        merged.ExitCode.ShouldBe(1);
        merged.Output.ShouldContain("nothing was merged; ours is as it was");
        (await File.ReadAllTextAsync(At(File1))).ShouldBe(ours);
    }

    [Fact]
    public async Task A_bundle_both_branches_brought_is_merged_without_a_base()
    {
        const string Other = "processes/other.json";
        await GitAsync("checkout", "-q", "-b", "theirs");
        await WriteAsync(Other, Bundles.Small("other"));
        await CommitAsync("theirs");
        await GitAsync("checkout", "-q", "main");
        await WriteAsync(Other, Bundles.Small("other", "1.1.0"));
        await CommitAsync("ours");

        var merged = await GitAsync("merge", "--no-edit", "theirs");

        merged.Output.ShouldContain("conflict at /bundle: both sides added it, each in its own way");
        merged.ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Diff_shows_content_and_no_layout()
    {
        var text = await File.ReadAllTextAsync(At(File1));
        await WriteAsync(File1, JsonNode.Parse(text.Replace("        1100,\n", "        1200,\n"))!.ToJsonString());
        (await GitAsync("diff")).Output.ShouldNotContain("@@");
        await WriteAsync(File1, text.Replace("0.15", "0.2"));
        (await GitAsync("diff")).Output.ShouldContain("-      \"default\": 0.15,\n+      \"default\": 0.2,");

        await ConfigureAsync("diff.bundle.command");
        (await GitAsync("diff")).Output.ShouldContain("~ param *max-discount*: default is 0.20, was 0.15");
    }

    /// <summary>Sets what the page says, with this build for the program.</summary>
    private async Task ConfigureAsync(string setting)
    {
        // Where this build is there may be a space in the way to it.
        var program = Path.Combine(_folder, ".git", "crm");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec '{Environment.ProcessPath}' '{Host}' \"$@\"\n");
        (await RunAsync("chmod", "+x", program)).ExitCode.ShouldBe(0);
        var line = Page.Split('\n').Single(l => l.StartsWith($"git config {setting} ", StringComparison.Ordinal)).Replace("crm bundle", $"{program} bundle");
        (await RunAsync("sh", "-c", line)).ExitCode.ShouldBe(0, line);
    }

    /// <summary>Makes a change on a branch and another one on main.</summary>
    private async Task BranchesAsync(Action<JsonObject> ours, Action<JsonObject> theirs)
    {
        var text = await File.ReadAllTextAsync(At(File1));
        foreach (var (branch, change) in new[] { ("theirs", theirs), ("main", ours) })
        {
            await GitAsync(["checkout", "-q", .. branch == "main" ? ["main"] : new[] { "-b", branch }]);
            var bundle = JsonNode.Parse(text)!.AsObject();
            change(bundle);
            await WriteAsync(File1, bundle.ToJsonString());
            await CommitAsync(branch);
        }
    }

    private string At(string name) => Path.Combine(_folder, name);

    private async Task<JsonObject> ReadAsync() => JsonNode.Parse(await File.ReadAllTextAsync(At(File1)))!.AsObject();

    private async Task WriteAsync(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        await File.WriteAllTextAsync(At(name), text);
    }

    private async Task CommitAsync(string message)
    {
        await GitAsync("add", "-A");
        (await GitAsync("commit", "-qm", message)).ExitCode.ShouldBe(0);
    }

    private Task<HostProcess.Ended> GitAsync(params string[] words) => RunAsync("git", words);

    private async Task<HostProcess.Ended> RunAsync(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new[] { ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null"), ("GIT_AUTHOR_NAME", "a"), ("GIT_AUTHOR_EMAIL", "a@b.test"), ("GIT_COMMITTER_NAME", "a"), ("GIT_COMMITTER_EMAIL", "a@b.test") })
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output + await errors, "");
    }
}
