using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Host.Tests.OpenApi;

namespace Crm.Host.Tests.Http;

/// <summary>A user's program: one API key, plain HTTP. All that goes over the wire is compared with the API's description.</summary>
public sealed class Api(HttpClient client, string? key)
{
    private readonly ConcurrentBag<string> _succeeded = [];

    public HttpClient Client => client;

    /// <summary>The operations that have answered with success, by their ids.</summary>
    public IEnumerable<string> Succeeded => _succeeded;

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Answer> PostAsync(string path, object body, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, Json(body), headers);

    public Task<Answer> PatchAsync(string path, object body, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Patch, path, Json(body), headers);

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request);
        var received = await response.Content.ReadAsStringAsync();
        var sent = content is not null && response.IsSuccessStatusCode ? await content.ReadAsStringAsync() : null;
        if (await ExchangeCheck.CheckAsync(client, request, sent, response, received) is { } operation && response.IsSuccessStatusCode) _succeeded.Add(operation);
        return new(response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Headers.ETag?.Tag, response.Headers.Location?.ToString(), received);
    }

    /// <summary>Creates an opportunity, a generic record,.</summary>
    public async Task<string> RecordAsync(object? fields = null, string name = "Acme")
    {
        var answer = await PostAsync("/api/v1/records", new { type = "opportunity", name, fields = fields ?? new { } });
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        return answer["id"].GetValue<string>();
    }

    /// <summary>Creates an opportunity, a generic record, and starts its project.</summary>
    public async Task<string> ProjectAsync(object? fields = null)
    {
        var answer = await PostAsync("/api/v1/projects", new { subject = new { type = "opportunity", id = await RecordAsync(fields) } });
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        return answer["id"].GetValue<string>();
    }

    /// <summary>Creates a deal of the CRM; its project starts with it.</summary>
    public async Task<Answer> DealAsync(object? fields = null)
    {
        var answer = await PostAsync("/api/v1/deals", fields ?? new { name = "Acme" });
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        return answer;
    }

    /// <summary>Creates a deal of the CRM and gives its project.</summary>
    public async Task<string> DealProjectAsync() => (await DealAsync())["projectId"].GetValue<string>();

    public Task<Answer> MoveAsync(string project, string transition, int version, object? changes = null, object? input = null) =>
        PostAsync($"/api/v1/projects/{project}/moves", new { transition, version, changes, input });

    /// <summary>Moves a new deal to discovery, where a proposal asks for amount and contact.</summary>
    public async Task<string> InDiscoveryAsync(object? fields = null)
    {
        var project = await ProjectAsync(fields);
        (await MoveAsync(project, "contact", 1)).Status.ShouldBe(HttpStatusCode.OK);
        (await MoveAsync(project, "discover", 2)).Status.ShouldBe(HttpStatusCode.OK);
        return project;
    }

    public static HttpContent Json(object body) => body as HttpContent ?? new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
}

/// <summary>What came back.</summary>
public sealed record Answer(HttpStatusCode Status, string? MediaType, string? ETag, string? Location, string Text)
{
    // A trace is twice as deep as its rule, which is beyond what is read by default.
    public JsonNode Json => JsonNode.Parse(Text, documentOptions: new() { MaxDepth = 256 })!;

    public JsonNode this[string member] => Json[member].ShouldNotBeNull(Text);

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<JsonNode> Items => [.. this["items"].AsArray()!];

    /// <summary>The body without what differs from request to request.</summary>
    public string WithoutTrace
    {
        get
        {
            var json = JsonNode.Parse(Text)!.AsObject();
            json.Remove("traceId");
            return json.ToJsonString();
        }
    }

    /// <summary>Checks that this is a problem as RFC 9457 has it, of the status and type given.</summary>
    public Answer ShouldBeProblem(HttpStatusCode status, string type)
    {
        Status.ShouldBe(status, Text);
        MediaType.ShouldBe("application/problem+json");
        this["type"].GetValue<string>().ShouldBe($"urn:crm-wfm:problem:{type}");
        this["status"].GetValue<int>().ShouldBe((int)status);
        this["title"].GetValue<string>().ShouldNotBeEmpty();
        return this;
    }

    public override string ToString() => $"{(int)Status} {ETag} {Location} {Text}";

    /// <summary>The faults as <c>pointer key</c>.</summary>
    public IReadOnlyList<string> Faults => [.. this["faults"].AsArray().Select(f => $"{f!["pointer"]} {f["key"]}")];
}
