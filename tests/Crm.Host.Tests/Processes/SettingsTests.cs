namespace Crm.Host.Tests.Processes;

/// <summary>The reference of settings is the options classes'.</summary>
public sealed class SettingsTests
{
    [Fact]
    public async Task Page_has_the_table_the_verb_prints()
    {
        var printed = await HostProcess.RunAsync(Path.Combine(AppContext.BaseDirectory, "Crm.Host.dll"), "Production", null, "settings");

        printed.ExitCode.ShouldBe(0, printed.Errors);
        printed.Output.ShouldContain("| `Wfm:PublisherRole` | `admin` | ");
        foreach (var line in printed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)) line.Count(c => c == '|').ShouldBe(4, line);
        (await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "docs", "configuration.md"))).ShouldContain(printed.Output);
    }
}
