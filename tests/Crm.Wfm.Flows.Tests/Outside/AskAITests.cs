using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Tests.Outside;

/// <summary>A host with a language model behind HTTP on 127.0.0.1 that answers as a test wants.</summary>
public sealed class ModelDesk : OutsideDesk
{
    private Loopback? _server;

    public ConcurrentQueue<JsonNode> Asked { get; } = [];

    public Func<int, string> Answer { get; set; } = _ => "";

    public override async Task InitializeAsync()
    {
        _server = await Loopback.StartAsync(async http =>
        {
            Asked.Enqueue((await http.Request.ReadFromJsonAsync<JsonNode>())!);
            await http.Response.WriteAsJsonAsync(new { text = Answer(Asked.Count), input = 10, output = 5 });
        });
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _server!.DisposeAsync();
    }

    protected override void Register(IServiceCollection services)
    {
        base.Register(services);
        services.AddSingleton<IChatClient>(_ => new LoopbackChat(_server!.Url));
    }

    private sealed class LoopbackChat(string url) : IChatClient
    {
        private readonly HttpClient _http = new();

        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            using var answer = await _http.PostAsJsonAsync(url, new { messages = messages.Select(m => new { role = m.Role.Value, text = m.Text }), json = options?.ResponseFormat is ChatResponseFormatJson, options?.ModelId }, cancellationToken);
            answer.EnsureSuccessStatusCode();
            var said = (await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
            return new(new ChatMessage(ChatRole.Assistant, said["text"]!.GetValue<string>())) { Usage = new() { InputTokenCount = said["input"]!.GetValue<int>(), OutputTokenCount = said["output"]!.GetValue<int>() } };
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates()) yield return update;
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() => _http.Dispose();
    }
}

public sealed class AskAITests(ModelDesk desk) : IClassFixture<ModelDesk>
{
    private const string Schema = """{"type": "object", "properties": {"mood": {"enum": ["good", "bad"]}}, "required": ["mood"], "additionalProperties": false}""";

    [Fact]
    public async Task A_question_is_answered_as_text()
    {
        Reset(_ => "Call Ann.");
        var workspace = await desk.RunAsync(Chart.Line(OutsideDesk.Type, Ask(("prompt", Chart.Template("What about {{event.data.name}}?")), ("system", Chart.Literal("You are brief.")), ("model", Chart.Literal("small")))), """{"name": "Acme"}""");

        (await desk.OutputsAsync(workspace, "ask")).ToString().ShouldBe("""{"json":null,"text":"Call Ann.","usage":{"inputTokens":10,"outputTokens":5}}""");
        desk.Asked.Single().ToJsonString().ShouldBe("""{"messages":[{"role":"system","text":"You are brief."},{"role":"user","text":"What about Acme?"}],"json":false,"modelId":"small"}""");
    }

    [Fact]
    public async Task An_answer_that_does_not_conform_is_asked_for_once_more_with_what_is_wrong()
    {
        Reset(n => n == 1 ? """{"mood": "so so"}""" : "```json\n{\"mood\": \"good\"}\n```");
        var workspace = await desk.RunAsync(Chart.Line(OutsideDesk.Type, Ask(("prompt", Chart.Literal("How are they?")), ("schema", Chart.Input("Object", Schema)))));

        (await desk.RunsAsync(workspace)).ShouldBe(["outside finished"]);
        var outputs = await desk.OutputsAsync(workspace, "ask");
        outputs["json"].ToString().ShouldBe("""{"mood":"good"}""");
        outputs["usage"].ToString().ShouldBe("""{"inputTokens":20,"outputTokens":10}""");
        desk.Asked.Count.ShouldBe(2);
        var again = desk.Asked.Last()["messages"]!.AsArray();
        again.Count.ShouldBe(3);
        again[2]!["text"]!.GetValue<string>().ShouldContain("/mood");
    }

    [Fact]
    public async Task A_second_answer_that_does_not_conform_fails_with_what_is_wrong_and_costs_no_third()
    {
        Reset(_ => "no JSON at all");
        var workspace = await desk.RunAsync(Chart.Flow([Chart.Event("event", OutsideDesk.Type), Ask(("prompt", Chart.Literal("How?")), ("schema", Chart.Input("Object", Schema))), Chart.WriteLine("instead")], "event>ask", "ask:Failed>instead"), tries: 5);

        (await desk.JournalAsync(workspace)).ShouldBe(["event Done", "ask faulted", "ask Failed", "instead Done"]);
        desk.Asked.Count.ShouldBe(2);
        (await desk.EntriesAsync(workspace)).First(e => e.Name == "ask").Message!.ShouldContain("does not conform to the schema");
    }

    [Fact]
    public async Task A_schema_that_is_none_is_refused_when_it_is_published()
    {
        var result = await desk.PublishAsync(await desk.WorkspaceAsync(), ("ask", FlowDesk.On(OutsideDesk.Type, Chart.Line(OutsideDesk.Type, Ask(("prompt", Chart.Literal("How?")), ("schema", Chart.Input("Object", """{"type": "objekt"}""")))))));
        result.ShouldBeOfType<PublishResult.Faulty>().Faults.Select(f => $"{f.Pointer} {f.Key}").ShouldBe(["/automations/ask/flow/root/activities/1/schema value"]);
    }

    private void Reset(Func<int, string> answer)
    {
        desk.Asked.Clear();
        desk.Answer = answer;
    }

    private static JsonObject Ask(params (string Name, JsonNode? Value)[] members) => Chart.Activity("ask", "Wfm.AskAI", members);
}
