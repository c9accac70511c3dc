using System.Net;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Crm.Wfm.Flows.Tests.Outside;

/// <summary>A web host whose requests reach flows; each says its workspace in a header. Its worker looks for runs once an hour, so what is answered the request itself has run.</summary>
public sealed class WebDesk : OutsideDesk
{
    private WebApplication? _app;

    public HttpClient Client { get; private set; } = new();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<FlowDesk>(this).AddSingleton<TimeProvider>(Clock).AddAuthorization(o => o.AddPolicy("chief", p => p.RequireRole("chief")));
        builder.Services.AddDbContext<DeskContext>(o => o.UseNpgsql(Application));
        builder.Services.AddWfm<DeskContext>(wfm => wfm.AddFlows(o => o.Interval = TimeSpan.FromHours(1)).AddFlowActivity<Note>().AddFlowActivity<Do>());
        Register(builder.Services);
        _app = builder.Build();
        _app.Use((http, next) =>
        {
            if (http.Request.Headers["X-User"].ToString() is { Length: > 0 } role) http.User = new(new ClaimsIdentity([new(ClaimTypes.Role, role)], "test"));
            return next(http);
        });
        _app.UseAuthorization();
        _app.MapFlows();
        _app.MapFlowRequests("/workflows", o => (o.Workspace, o.MaxBody, o.Patience) = (http => Guid.TryParse(http.Request.Headers["X-Workspace"], out var id) ? id : null, 1000, TimeSpan.FromMinutes(5)));
        await _app.StartAsync();
        Client = new() { BaseAddress = new($"{_app.Urls.First()}/workflows/") };
    }

    public override async Task DisposeAsync()
    {
        Client.Dispose();
        await _app!.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>A workspace with flows that requests start.</summary>
    public async Task<Guid> WithAsync(params JsonObject[] flows)
    {
        var workspace = await WorkspaceAsync();
        foreach (var flow in flows) (await PublishFlowAsync(workspace, flow)).ShouldBeEmpty();
        return workspace;
    }

    /// <summary>Publishes a flow that stands for itself.</summary>
    /// <returns>What is wrong with it.</returns>
    public async Task<IReadOnlyList<string>> PublishFlowAsync(Guid workspace, JsonObject definition)
    {
        await using var scope = Scope(workspace);
        var result = await scope.ServiceProvider.GetRequiredService<FlowDefinitions>().SaveAsync(new(definition.Value()) { Publish = true }, Ann, default);
        return result is DefinitionResult.Faulty faulty ? [.. faulty.Faults.Select(f => $"{f.Pointer} {f.Key}")] : [];
    }

    /// <summary>A flow a request starts, that then does these one after the other.</summary>
    public static JsonObject Line(string path, string[] methods, params JsonObject[] activities) => Line(Endpoint("request", path, methods, starts: true), activities);

    public static JsonObject Line(JsonObject first, params JsonObject[] activities)
    {
        JsonObject[] all = [first, .. activities];
        var flow = Chart.Flow(all, [.. all.Zip(all.Skip(1), (a, b) => $"{a["id"]}>{b["id"]}")]);
        flow["definitionId"] = $"flow-{Guid.CreateVersion7()}";
        flow["name"] = flow["definitionId"]!.DeepClone();
        return flow;
    }

    public static JsonObject Endpoint(string id, string path, string[] methods, bool starts = false)
    {
        var endpoint = Chart.Activity(id, "Elsa.HttpEndpoint", ("path", Chart.Literal(path)), ("supportedMethods", Chart.Input("Object", new JsonArray([.. methods.Select(m => (JsonNode)m)]).ToJsonString())));
        endpoint["customProperties"]!["canStartWorkflow"] = starts;
        return endpoint;
    }

    public static JsonObject Respond(string id, JsonNode content, params (string Name, JsonNode? Value)[] members) => Chart.Activity(id, "Elsa.WriteHttpResponse", [("content", content), .. members]);

    /// <summary>Sends a request and gives <c>status body</c>.</summary>
    public async Task<string> AskAsync(Guid workspace, string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var answer = await SendAsync(workspace, method, path, body, headers);
        return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}".TrimEnd();
    }

    public async Task<HttpResponseMessage> SendAsync(Guid workspace, string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        if (body is not null) request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        request.Headers.Add("X-Workspace", workspace.ToString());
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return await Client.SendAsync(request);
    }
}
