using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Tests.Activities;

/// <summary>What is derived from an activity's class.</summary>
public sealed class ActivityDescriptorTests
{
    private enum Urgency
    {
        Low,
        High,
    }

    [Fact]
    public void Class_and_attributes_say_all_there_is_to_know()
    {
        var descriptor = ActivityDescriptor.Of(typeof(SendLetter));

        (descriptor.Type, descriptor.Title, descriptor.Category, descriptor.Description).ShouldBe(("Post.SendLetter", "Send letter", "Post", "Sends a letter."));
        descriptor.Outcomes.ShouldBe(["Sent", "Returned"]);
        descriptor.Inputs.Select(i => $"{i.Name} {i.IsRequired} {i.Description} [{string.Join(",", i.Options)}]")
            .ShouldBe(["addressee True Who gets it. []", "paper False Its colour. [white,blue]", "dueIn False When. []", "store False Where the number goes. []"]);
        descriptor.Outputs.Select(o => $"{o.Name} {o.Description}").ShouldBe(["trackingNumber Its number."]);
    }

    [Fact]
    public void The_packages_own_are_Elsas()
    {
        string[] elsas =
        [
            "Elsa.Break", "Elsa.Complete", "Elsa.Container", "Elsa.Correlate", "Elsa.Delay", "Elsa.End", "Elsa.Event", "Elsa.Fault", "Elsa.Finish", "Elsa.FlowDecision", "Elsa.FlowFork", "Elsa.FlowJoin",
            "Elsa.FlowNode", "Elsa.FlowSwitch", "Elsa.Flowchart", "Elsa.For", "Elsa.ForEach", "Elsa.Fork", "Elsa.If", "Elsa.Parallel", "Elsa.ParallelForEach", "Elsa.Sequence", "Elsa.SetName", "Elsa.SetOutput",
            "Elsa.SetVariable", "Elsa.Start", "Elsa.StartAt", "Elsa.Switch", "Elsa.Timer", "Elsa.While", "Elsa.WriteLine",
        ];
        elsas.ShouldBeSubsetOf(new ActivityCatalog([]).All.Select(a => a.Type));
    }

    [Theory]
    [InlineData(typeof(string), "has no [FlowActivity]")]
    [InlineData(typeof(SendsAnything), "which no expression can give")]
    [InlineData(typeof(SendsByType), "every activity has a type already")]
    public void A_class_that_is_none_is_refused(Type type, string message) => Should.Throw<ArgumentException>(() => ActivityDescriptor.Of(type)).Message.ShouldContain(message);

    [Fact]
    public void Two_classes_do_not_share_a_type() =>
        Should.Throw<ArgumentException>(() => new ActivityCatalog([typeof(SendLetter), typeof(SendLetterToo)])).Message.ShouldContain("both the activity Post.SendLetter");

    [Theory]
    [InlineData("\"a\"", typeof(string), "a")]
    [InlineData("4.5", typeof(string), "4.5")]
    [InlineData("""{"a":[true]}""", typeof(string), """{"a":[true]}""")]
    [InlineData("\"4\"", typeof(int), 4)]
    [InlineData("4", typeof(int?), 4)]
    [InlineData("null", typeof(int?), null)]
    [InlineData("\"2.5\"", typeof(double), 2.5)]
    [InlineData("\"true\"", typeof(bool), true)]
    [InlineData("\"False\"", typeof(bool), false)]
    [InlineData("\"yes\"", typeof(bool), true)]
    [InlineData("\"\"", typeof(bool), false)]
    [InlineData("[]", typeof(bool), false)]
    [InlineData("0", typeof(bool), false)]
    [InlineData("null", typeof(bool), false)]
    [InlineData("{}", typeof(bool), true)]
    [InlineData("\"high\"", typeof(Urgency), Urgency.High)]
    public void A_value_becomes_what_the_property_holds(string json, Type type, object? expected)
    {
        InputValues.TryMake(Value.Parse(json), type, out var made, out _).ShouldBeTrue();
        made.ShouldBe(expected);
    }

    [Fact]
    public void Times_durations_ids_and_money_are_read_from_text()
    {
        Made<DateTimeOffset>("\"2026-01-31T10:00:00+01:00\"").ShouldBe(new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.Zero));
        Made<DateTimeOffset>("\"2026-01-31\"").ShouldBe(new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero));
        Made<TimeSpan>("\"P1DT2H\"").ShouldBe(TimeSpan.FromHours(26));
        Made<Guid>("\"00000000-0000-0000-0000-0000000000aa\"").ShouldBe(new Guid("00000000-0000-0000-0000-0000000000aa"));
        Made<decimal>("\"19.99\"").ShouldBe(19.99m);
    }

    [Theory]
    [InlineData("\"four\"", typeof(int), "whole number")]
    [InlineData("4.5", typeof(int), "whole number")]
    [InlineData("1e300", typeof(int), "whole number")]
    [InlineData("1e300", typeof(decimal), "number")]
    [InlineData("\"NaN\"", typeof(double), "number")]
    [InlineData("\"tomorrow\"", typeof(DateTimeOffset), "time such as 2026-01-31T09:00:00Z")]
    [InlineData("\"1 day\"", typeof(TimeSpan?), "duration such as P1D or PT8H")]
    [InlineData("\"ann\"", typeof(Guid?), "id")]
    [InlineData("\"urgent\"", typeof(Urgency), "one of Low, High")]
    [InlineData("\"1\"", typeof(Urgency), "one of Low, High")]
    [InlineData("null", typeof(int), "whole number")]
    public void A_value_that_is_none_is_refused(string json, Type type, string noun)
    {
        InputValues.TryMake(Value.Parse(json), type, out _, out var told).ShouldBeFalse();
        told.ShouldBe(noun);
    }

    private static T Made<T>(string json)
    {
        InputValues.TryMake(Value.Parse(json), typeof(T), out var made, out _).ShouldBeTrue();
        return made.ShouldBeOfType<T>();
    }

    [FlowActivity("Post.SendLetter", "Post", "Sends a letter.", Outcomes = ["Sent", "Returned"])]
    private class SendLetter : IFlowActivity
    {
        [FlowInput("Who gets it.")]
        public required string Addressee { get; init; }

        [FlowInput("Its colour.", Options = ["white", "blue"])]
        public string Paper { get; init; } = "white";

        [FlowInput("When.")]
        public TimeSpan? DueIn { get; init; }

        [FlowInput("Where the number goes.")]
        public FlowVariable? Store { get; init; }

        [FlowOutput("Its number.")]
        public string? TrackingNumber { get; }

        public int Untold { get; init; }

        public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) => Task.FromResult(ActivityResult.Done);
    }

    [FlowActivity("Post.SendLetter", "Post", "Sends a letter, too.")]
    private sealed class SendLetterToo : SendLetter;

    [FlowActivity("Post.SendAnything", "Post", "Sends anything.")]
    private sealed class SendsAnything : IFlowActivity
    {
        [FlowInput("What.")]
        public Uri? What { get; init; }

        public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) => Task.FromResult(ActivityResult.Done);
    }

    [FlowActivity("Post.SendByType", "Post", "Sends by type.")]
    private sealed class SendsByType : IFlowActivity
    {
        [FlowInput("Which.")]
        public string? Type { get; init; }

        public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) => Task.FromResult(ActivityResult.Done);
    }
}
