using System.Net;
using System.Text.Json.Nodes;
using Crm.Testing;

namespace Crm.Host.Tests.Lists;

/// <summary>Many records by their ids at once.</summary>
public sealed class BulkReadTests(CrmHost host) : IClassFixture<CrmHost>
{
    private const string Path = "/api/v1/deals/bulk-read";

    [Fact]
    public async Task Records_come_in_the_order_asked_for_and_missing_ones_are_named()
    {
        var (first, second) = ((await host.Rep.DealAsync(new { name = "first" }))["id"], (await host.Rep.DealAsync(new { name = "second" }))["id"]);
        var deleted = (await host.Rep.DealAsync())["id"];
        await host.Rep.SendAsync(HttpMethod.Delete, $"/api/v1/deals/{deleted}", null, ("If-Match", "\"1\""));
        var theirs = (await host.Stranger.DealAsync())["id"];
        var never = Guid.CreateVersion7();

        var answer = await host.Rep.PostAsync(Path, new { ids = new object[] { never, second, deleted, first, second, theirs } });

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer.Items.Select(i => i["name"]!.GetValue<string>()).ShouldBe(["second", "first"]);
        answer["missing"].AsArray().Select(i => i!.ToString()).ShouldBe([$"{never}", $"{deleted}", $"{theirs}"]);
        JsonNode.DeepEquals(answer.Items[1], (await host.Rep.GetAsync($"/api/v1/deals/{first}")).Json).ShouldBeTrue();
    }

    [Fact]
    public async Task Two_hundred_are_read_in_one_statement()
    {
        var ids = new List<object> { (await host.Rep.DealAsync())["id"] };
        while (ids.Count < 200) ids.Add(Guid.CreateVersion7());
        using var sent = new SentStatements(host.Application);

        (await host.Rep.PostAsync(Path, new { ids })).Items.Count.ShouldBe(1);

        sent.Texts.Count.ShouldBe(2, string.Join("\n\n", sent.Texts));
    }

    [Theory]
    [InlineData("""{ "ids": [] }""", "/ids invalid")]
    [InlineData("""{ "ids": ["me"] }""", "/ids/0 body")]
    [InlineData("""{ "ids": [null] }""", "/ids/0 body")]
    [InlineData("""{ "ids": "me" }""", "/ids body")]
    [InlineData("""{ "ids": null }""", "/ids body")]
    [InlineData("""{ }""", "/ids required")]
    public async Task Faulty_body_is_refused_with_the_place(string body, string fault) =>
        (await host.Rep.PostAsync(Path, body)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);

    [Fact]
    public async Task More_than_two_hundred_are_refused() =>
        (await host.Rep.PostAsync(Path, new { ids = Enumerable.Range(0, 201).Select(_ => Guid.CreateVersion7()) })).Faults.ShouldBe(["/ids invalid"]);
}
