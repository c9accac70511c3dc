using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Crm.Host.Tests.Flows;

/// <summary>The assistant sample on a host that asks a model: a server on 127.0.0.1 that speaks OpenAI's chat completions.</summary>
public sealed class DealAssistantTests(AssistedHost host) : IClassFixture<AssistedHost>
{
    private const string Steps = """{"steps": [{"kind": "call", "subject": "Ask what holds it up", "days": 1}, {"kind": "meeting", "subject": "Meet their buyer", "days": 5}]}""";

    [Fact]
    public async Task Deal_at_risk_gets_the_steps_the_model_proposes()
    {
        host.Answer = (HttpStatusCode.OK, Steps);
        var deal = await AtRiskAsync();
        (await ActivitiesAsync(deal)).ShouldBe(["call Ask what holds it up 1", "meeting Meet their buyer 5"]);
        var asked = host.Asked.Last();
        asked["model"]!.GetValue<string>().ShouldBe("adviser");
        asked["messages"]!.AsArray()[^1]!.ToJsonString().ShouldContain("A deal is at risk: overdue");
    }

    [Fact]
    public async Task Deal_at_risk_is_somebodys_task_where_the_model_has_no_answer()
    {
        host.Answer = (HttpStatusCode.OK, "I cannot help with that.");
        (await ActivitiesAsync(await AtRiskAsync())).ShouldBe(["task This deal is at risk: Acme 1"]);
    }

    [Fact]
    public async Task Deal_at_risk_is_advised_on_once_a_day()
    {
        host.Answer = (HttpStatusCode.OK, Steps);
        var deal = await AtRiskAsync();
        await host.QuietAsync();
        var before = host.Asked.Count;
        (await host.Rep.PatchAsync($"/api/v1/deals/{deal}", new { version = 2, name = "Acme & Sons" })).Status.ShouldBe(HttpStatusCode.OK);
        await host.QuietAsync();
        host.Asked.Count.ShouldBe(before);
    }

    [Fact]
    public async Task Deal_without_risk_is_left_alone()
    {
        var deal = await host.Rep.DealAsync(new { name = "Acme" });
        (await host.Rep.PatchAsync($"/api/v1/deals/{deal["id"]}", new { version = 1, name = "Acme & Sons" })).Status.ShouldBe(HttpStatusCode.OK);
        (await ActivitiesAsync(deal["id"].GetValue<string>())).ShouldBeEmpty();
    }

    private async Task<string> AtRiskAsync()
    {
        var deal = (await host.Rep.DealAsync(new { name = "Acme" }))["id"].GetValue<string>();
        (await host.Rep.PatchAsync($"/api/v1/deals/{deal}", new { version = 1, expectedCloseOn = "2020-01-31" })).Status.ShouldBe(HttpStatusCode.OK);
        return deal;
    }

    private async Task<IReadOnlyList<string>> ActivitiesAsync(string deal)
    {
        await host.QuietAsync();
        return [.. (await host.Rep.GetAsync($"/api/v1/activities?dealId={deal}")).Items.Select(a =>
            $"{a["kind"]} {a["subject"]} {Math.Round((a["dueAt"]!.GetValue<DateTimeOffset>() - a["createdAt"]!.GetValue<DateTimeOffset>()).TotalDays)}").Order(StringComparer.Ordinal)];
    }
}

/// <summary>A host that asks a model.</summary>
public sealed class AssistedHost : CrmHost
{
    private WebApplication? _model;

    public ConcurrentQueue<JsonNode> Asked { get; } = [];

    public (HttpStatusCode Status, string Text) Answer { get; set; }

    public override async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _model = builder.Build();
        _model.Urls.Add("http://127.0.0.1:0");
        _model.MapPost("/v1/chat/completions", async (HttpContext http) =>
        {
            Asked.Enqueue((await JsonNode.ParseAsync(http.Request.Body))!);
            http.Response.StatusCode = (int)Answer.Status;
            await http.Response.WriteAsJsonAsync(new
            {
                id = "answer", @object = "chat.completion", created = 1, model = "adviser",
                choices = new[] { new { index = 0, finish_reason = "stop", message = new { role = "assistant", content = Answer.Text } } },
                usage = new { prompt_tokens = 10, completion_tokens = 5, total_tokens = 15 },
            });
        });
        await _model.StartAsync();
        await base.InitializeAsync();
        var published = await Admin.PostAsync("/api/v1/bundles", await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "samples", "assistant", "deal-assistant.json")));
        published.Status.ShouldBe(HttpStatusCode.Created, published.Text);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _model!.DisposeAsync();
    }

    protected override IEnumerable<string> Settings() => [$"--Crm:Model:Endpoint={_model!.Urls.First()}/v1", "--Crm:Model:Name=adviser"];
}
