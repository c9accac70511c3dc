using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Tests.Persistence;

public sealed class JournalTextTests
{
    private static readonly Value Nothing = Value.From(FactObject.Empty);

    [Theory]
    [InlineData("Completed", "Done")]
    [InlineData("Completed", "")]
    [InlineData("Completed", "True,Late")]
    [InlineData("Suspended", "")]
    [InlineData("Answered", "Done")]
    [InlineData("Answered", "200")]
    public void An_entry_comes_back_as_it_was_written(string kind, string outcomes)
    {
        var entry = new JournalEntry(3, "Workflow1:sequence:wait", "Elsa.Delay", "Nap", Enum.Parse<JournalKind>(kind), new(2026, 3, 1, 9, 30, 15, 267, TimeSpan.Zero), outcomes.Split(',', StringSplitOptions.RemoveEmptyEntries),
            Value.Parse("""{"timeSpan":"P30D"}"""), Nothing, "until then", TimeSpan.FromMilliseconds(1.5), 2);

        var read = JournalText.Read(JournalText.Write([entry])).ShouldHaveSingleItem();

        read.Outcomes.ShouldBe(entry.Outcomes);
        (read with { Outcomes = entry.Outcomes }).ShouldBe(entry);
    }

    [Fact]
    public void Times_that_were_written_as_text_are_read()
    {
        var read = JournalText.Read("""[{"a":"Workflow1:wait","at":"2026-03-01T09:30:15.267Z","k":1,"o":[],"t":"Elsa.Delay","x":2}]""").ShouldHaveSingleItem();

        (read.At, read.Kind, read.Outcomes.Count).ShouldBe((new(2026, 3, 1, 9, 30, 15, 267, TimeSpan.Zero), JournalKind.Suspended, 0));
    }
}
