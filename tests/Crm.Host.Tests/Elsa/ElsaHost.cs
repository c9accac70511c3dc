using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Elsa;

/// <summary>A host whose flows are drawn by a designer, watched by somebody who may only look, and sought by a stranger.</summary>
public sealed class ElsaHost : CrmHost
{
    public Uri Address => Admin.Client.BaseAddress!;

    public string DesignerKey { get; private set; } = "";

    public Studio Designer { get; private set; } = null!;

    /// <summary>Another designer of the same workspace.</summary>
    public Studio Colleague { get; private set; } = null!;

    public Studio Viewer { get; private set; } = null!;

    /// <summary>A designer of another workspace.</summary>
    public Studio Outsider { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        DesignerKey = await KeyAsync(Workspace, "admin");
        Designer = new(Admin.Client, DesignerKey);
        Colleague = new(Admin.Client, await KeyAsync(Workspace, "admin"));
        Viewer = new(Admin.Client, await KeyAsync(Workspace, "sales-rep"));
        Outsider = new(Admin.Client, await KeyAsync(OtherWorkspace, "admin"));
    }
}

/// <summary>Speaks to the API as Elsa Studio does.</summary>
public sealed class Studio(HttpClient client, string? key)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Reply> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body is null ? null : Api.Json(body));

    public Task<Reply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public async Task<Reply> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, "/elsa/api" + path) { Content = content };
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        using var response = await client.SendAsync(request);
        return new(response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Content.Headers.ContentDisposition?.FileNameStar ?? response.Content.Headers.ContentDisposition?.FileName,
            response.Headers.ToDictionary(h => h.Key, h => h.Value.First(), StringComparer.OrdinalIgnoreCase), await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Saves a definition, and gives it as it is then.</summary>
    public async Task<JsonObject> SaveAsync(JsonObject model, bool publish = false) => (await PostAsync("/workflow-definitions", new { model, publish })).Ok["workflowDefinition"]!.AsObject();

    /// <summary>Draws a flow, and gives it as Studio is shown it.</summary>
    public Task<JsonObject> DrawAsync(string name, JsonObject root, object? more = null, bool publish = false) => SaveAsync(Drawing.Model(name, root, more), publish);

    /// <summary>Starts a run of the latest version, and gives its id.</summary>
    public async Task<string> RunAsync(JsonObject definition)
    {
        var reply = await PostAsync($"/workflow-definitions/{definition["definitionId"]}/execute", new { correlationId = (string?)null, triggerActivityId = (string?)null, versionOptions = "Latest", input = (object?)null });
        reply.Status.ShouldBe(HttpStatusCode.OK, reply.Text);
        return reply.Headers["x-elsa-workflow-instance-id"];
    }

    /// <summary>Waits until a run is what is waited for: as Studio does where it is not told of changes.</summary>
    public async Task<JsonNode> UntilAsync(string run, string subStatus)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var state = (await GetAsync($"/workflow-instances/{run}/execution-state")).Ok;
            if (state["subStatus"]!.GetValue<string>() == subStatus) return state;
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(Patience, state.ToJsonString());
        }
    }
}

/// <summary>What came back.</summary>
public sealed record Reply(HttpStatusCode Status, string? MediaType, string? FileName, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonNode Json => JsonNode.Parse(Text, documentOptions: new() { MaxDepth = 256 })!;

    /// <summary>The body of a success.</summary>
    public JsonNode Ok
    {
        get
        {
            Status.ShouldBe(HttpStatusCode.OK, Text);
            return Json;
        }
    }

    public IReadOnlyList<JsonNode> Items => [.. Ok["items"]!.AsArray()!];

    /// <summary>The messages Studio shows one by one.</summary>
    public IReadOnlyList<string> Reasons
    {
        get
        {
            Status.ShouldBe(HttpStatusCode.BadRequest, Text);
            MediaType.ShouldBe("application/problem+json");
            return [.. Json["errors"]!["generalErrors"]!.AsArray().Select(e => e!.GetValue<string>())];
        }
    }
}

/// <summary>Flows as Studio writes them.</summary>
internal static class Drawing
{
    private static int _names;

    /// <summary>A name no other flow has.</summary>
    public static string Name(string name = "Flow") => $"{name} {Interlocked.Increment(ref _names)}";

    public static JsonObject Model(string name, JsonObject root, object? more = null)
    {
        var model = new JsonObject
        {
            ["definitionId"] = null, ["name"] = name, ["description"] = null, ["toolVersion"] = "3.8.2.0", ["variables"] = null, ["inputs"] = null, ["outputs"] = null, ["outcomes"] = null, ["customProperties"] = null,
            ["isReadonly"] = false, ["options"] = null, ["root"] = root, ["links"] = null, ["createdAt"] = "0001-01-01T00:00:00+00:00", ["version"] = 1, ["isLatest"] = true, ["isPublished"] = false, ["id"] = null,
        };
        foreach (var (key, value) in more is null ? [] : System.Text.Json.JsonSerializer.SerializeToNode(more)!.AsObject()) model[key] = value?.DeepClone();
        return model;
    }

    /// <summary>A flowchart whose activities follow each other by <c>Done</c>, unless connections are given as <c>A:True:B</c>.</summary>
    public static JsonObject Chart(IReadOnlyList<JsonObject> activities, params IReadOnlyList<string> connections)
    {
        var drawn = connections.Count > 0 ? connections : [.. activities.Zip(activities.Skip(1)).Select(p => $"{p.First["id"]}:Done:{p.Second["id"]}")];
        return new()
        {
            ["id"] = "flow1", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["name"] = "Flowchart1",
            ["activities"] = new JsonArray([.. activities]),
            ["connections"] = new JsonArray([.. drawn.Select(c => c.Split(':')).Select(c => new JsonObject
            {
                ["source"] = new JsonObject { ["activity"] = c[0], ["port"] = c[1] }, ["target"] = new JsonObject { ["activity"] = c[2], ["port"] = "In" }, ["vertices"] = new JsonArray(),
            })]),
        };
    }

    public static JsonObject Activity(string id, string type, params (string Input, string Syntax, string Value)[] inputs)
    {
        var activity = new JsonObject { ["id"] = id, ["name"] = id, ["type"] = type, ["version"] = 1, ["metadata"] = new JsonObject { ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = 10, ["y"] = 20 } } } };
        foreach (var (input, syntax, value) in inputs)
            activity[input] = new JsonObject { ["typeName"] = null, ["expression"] = new JsonObject { ["type"] = syntax, ["value"] = value }, ["memoryReference"] = null };
        return activity;
    }

    public static JsonObject WriteLine(string id, string text = "Hello") => Activity(id, "Elsa.WriteLine", ("text", "Literal", text));

    public static JsonObject Delay(string id, string time) => Activity(id, "Elsa.Delay", ("timeSpan", "Literal", time));

    public static JsonObject Variable(string name, string type, string value) => new() { ["id"] = $"v-{name}", ["name"] = name, ["typeName"] = type, ["isArray"] = false, ["value"] = value, ["storageDriverTypeName"] = null };
}
