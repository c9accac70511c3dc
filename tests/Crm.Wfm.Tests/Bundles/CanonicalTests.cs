using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Tests.Moves;
using Crm.Wfm.Tests.Rules;
using FsCheck.Fluent;

namespace Crm.Wfm.Tests.Bundles;

/// <summary>Texts that are the same to the byte wherever they are written.</summary>
public sealed class CanonicalTests(Desk desk) : IClassFixture<Desk>
{
    private const int Bundles = 60;

    [Fact]
    public async Task Generated_bundles_come_back_from_a_database_with_other_ids_as_they_went()
    {
        var other = new Desk();
        await other.InitializeAsync();
        try
        {
            var random = new Random(8785);
            for (var i = 0; i < Bundles; i++)
            {
                var bundle = Generate(random, $"made-{i}");
                var (here, there) = (Guid.CreateVersion7(desk.Clock.Now), Guid.CreateVersion7(desk.Clock.Now));

                var first = await RoundAsync(desk, here, Encoding.UTF8.GetBytes(bundle.ToJsonString(new() { WriteIndented = i % 2 == 0 })));
                var second = await RoundAsync(other, there, Encoding.UTF8.GetBytes(first));

                first.ShouldBe(Samples.Reading(bundle).Bundle!.ToText());
                second.ShouldBe(first);
            }
        }
        finally
        {
            await other.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("-0", "0")]
    [InlineData("1e21", "1e+21")]
    [InlineData("5e-324", "5e-324")]
    [InlineData("1E400", null)]
    [InlineData("9007199254740993", null)]
    [InlineData("0.1000000000000000055511151231257827", "0.1")]
    [InlineData("1.0", "1")]
    [InlineData("1e0", "1")]
    public void Numbers_of_a_bundle_are_written_as_RFC_8785_says_or_refused(string number, string? written)
    {
        var text = Samples.Small().ToJsonString().Replace("\"layout\":{\"flow\":{\"open\":[0,0]}}", $"\"layout\":{{\"flow\":{{\"open\":[{number},0]}}}}", StringComparison.Ordinal);
        text.ShouldContain($"[{number},0]");

        var reading = BundleReader.Read(Encoding.UTF8.GetBytes(text));

        if (written is null) reading.Faults.ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Key.ShouldBe("number-range"), f => f.Pointer.ShouldBe("/layout/flow/open/0"));
        else reading.Bundle.ShouldNotBeNull().ToText().ShouldContain($"\"open\": [\n        {written},\n        0\n      ]");
    }

    [Fact]
    public void The_hash_ignores_layout_wherever_it_stands_and_no_fact_of_that_name()
    {
        var hash = Samples.Reading(Samples.Small()).Bundle!.ContentHash;
        var first = new JsonObject([KeyValuePair.Create("layout", (JsonNode?)JsonNode.Parse("""{"flow":{"open":[9,9]}}""")), .. Samples.Small().Where(m => m.Key != "layout").Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone()))]);
        Samples.Reading(first).Bundle!.ContentHash.ShouldBe(hash);
        Samples.Reading(Samples.Small().With("/subjects/other/schema/properties", """{"layout":{"type":"string"}}""")).Bundle!.ContentHash.ShouldNotBe(hash);
        Samples.Reading(Samples.Small().With("/tests/finishes/given/entity/layout", "1")).Bundle!.ContentHash.ShouldNotBe(hash);
        Samples.Reading(Samples.Small().With("/x-any", """{"layout":1}""")).Bundle!.ContentHash.ShouldNotBe(hash);
    }

    [Theory]
    [InlineData("/0/metadata/designer/position/x", "42", true)]
    [InlineData("/0/metadata", "{}", true)]
    [InlineData("/0/metadata", null, true)]
    [InlineData("/0/metadata/displayText", "\"Assigned\"", false)]
    [InlineData("/0/eventName/expression/value", "\"crm.deal.won\"", false)]
    public void Where_a_flow_is_drawn_is_layout_too(string at, string? json, bool same)
    {
        var before = Samples.Read("sales-pipeline.json");
        var after = JsonNode.Parse(Samples.Bytes("sales-pipeline.json"))!.AsObject().With("/automations/review-new-assignment/flow/root/activities" + at, json);
        (Samples.Reading(after, Samples.Actions).Bundle!.ContentHash == before.ContentHash).ShouldBe(same);
    }

    private static async Task<string> RoundAsync(Desk desk, Guid workspace, byte[] text)
    {
        await using var scope = desk.Scope(workspace);
        (await scope.Publisher.PublishAsync(text, new Actor(Guid.CreateVersion7(desk.Clock.Now), "admin"), false, default)).ShouldBeOfType<PublishResult.Published>();
        return await desk.AskAsync<string>("select document from wfm.bundle where workspace_id = $1", workspace);
    }

    /// <summary>Fills a bundle's free places with whatever JSON can hold, its roles in any order.</summary>
    private static JsonObject Generate(Random random, string key)
    {
        while (true)
        {
            var values = Generated.Values.Sample(8).ToArray();
            var bundle = Samples.Small().With("/bundle/key", $"\"{key}\"").With("/layout/free", values[0].ToString()).With("/x-free", values[1].ToString()).With("/statuses/done/metadata", new JsonObject { ["a"] = values[2].ToJson() }.ToJsonString())
                .With("/workflows/flow/transitions/finish/x-\u20ac\ufb33\ud83d\ude00", values[3].ToString()).With("/workflows/flow/steps/0/probability", random.NextDouble().ToString("R", CultureInfo.InvariantCulture))
                .With("/roles/boss/title/en", Value.From(values[4].AsText ?? "Chief").ToString());
            var roles = bundle["roles"]!.AsObject().Select(r => (r.Key, r.Value!.ToJsonString())).OrderBy(_ => random.Next()).ToList();
            bundle["roles"] = new JsonObject(roles.Select(r => KeyValuePair.Create(r.Key, JsonNode.Parse(r.Item2))));
            if (Samples.Reading(bundle).Faults.Count == 0) return bundle;
        }
    }
}
