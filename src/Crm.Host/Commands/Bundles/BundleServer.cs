using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Crm.Host.Commands;

/// <summary>A host somewhere, spoken to over HTTP with an API key: whoever deploys bundles needs no database login.</summary>
internal sealed class BundleServer(Uri address, string key) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = address };

    /// <summary>What the server answered: the outcome, or its problem.</summary>
    public sealed record Answer(bool IsSuccess, string Text)
    {
        public JsonNode? Json => Text.Length > 0 && Text[0] is '{' or '[' ? JsonNode.Parse(Text) : null;
    }

    public Task<Answer> PublishAsync(byte[] bundle, bool dryRun, string? despiteTests, CancellationToken ct)
    {
        var content = new ByteArrayContent(bundle) { Headers = { ContentType = new("application/json") } };
        var query = (dryRun ? "&dryRun=true" : "") + (despiteTests is null ? "" : $"&despiteFailingTests={Uri.EscapeDataString(despiteTests)}");
        return SendAsync(new(HttpMethod.Post, "api/v1/bundles" + (query.Length > 0 ? $"?{query[1..]}" : "")) { Content = content }, ct);
    }

    public Task<Answer> ListAsync(CancellationToken ct) => SendAsync(new(HttpMethod.Get, "api/v1/bundles"), ct);

    public Task<Answer> ReadAsync(string bundle, string version, CancellationToken ct) =>
        SendAsync(new(HttpMethod.Get, $"api/v1/bundles/{Uri.EscapeDataString(bundle)}/{Uri.EscapeDataString(version)}"), ct);

    public void Dispose() => _client.Dispose();

    private async Task<Answer> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using (request)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var response = await _client.SendAsync(request, ct);
            if (response.StatusCode == HttpStatusCode.Unauthorized) return new(false, $"The server lets nobody in with this API key; name another: {ServerOptions.KeyNames}.");
            return new(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(ct));
        }
    }
}

/// <summary>Which server, and as whom: two options every verb that speaks to one has.</summary>
internal sealed class ServerOptions
{
    /// <summary>How one says which key.</summary>
    public const string KeyNames = $"--key or {KeyVariable}";

    private const string ServerVariable = "CRM_SERVER";
    private const string KeyVariable = "CRM_KEY";

    private readonly Option<string?> _server = new("--server") { Description = $"Address of the host, such as https://crm.example; or the environment variable {ServerVariable}." };
    private readonly Option<string?> _key = new("--key") { Description = $"API key of a user who may; better in the environment variable {KeyVariable}, which no process list shows." };

    public void AddTo(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_key);
    }

    /// <exception cref="CannotStartException">One is missing, or the address is none.</exception>
    public BundleServer Open(ParseResult parse)
    {
        var server = parse.GetValue(_server) ?? Variable(ServerVariable) ?? throw new CannotStartException($"Name the server: --server or {ServerVariable}.");
        var key = parse.GetValue(_key) ?? Variable(KeyVariable) ?? throw new CannotStartException($"Name the API key: {KeyNames}.");
        return Uri.TryCreate(server.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new(address, key)
            : throw new CannotStartException($"'{server}' is no address of a host; one looks like https://crm.example.");
    }

    // One that is set to nothing is as good as none.
    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
