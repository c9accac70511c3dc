using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Host.Realtime;

namespace Crm.Host.Tests.Realtime;

/// <summary>A client of the hub as its protocol has it: JSON over a WebSocket, each message ended by 0x1E.</summary>
internal sealed class HubClient : IAsyncDisposable
{
    private const char End = '\u001e';
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _patience = new(Patience);
    private readonly Queue<JsonNode> _received = new();
    private readonly StringBuilder _rest = new();
    private int _calls;

    /// <summary>Where the feed was when we came.</summary>
    public long Welcome { get; private set; }

    /// <summary>Connects with a key as a browser does, and waits for the welcome.</summary>
    public static async Task<HubClient> ConnectAsync(Uri host, string key)
    {
        var client = await OpenAsync(host, "?access_token=" + key);
        client.Welcome = (await client.NextAsync("welcome"))["position"]!.GetValue<long>();
        return client;
    }

    /// <summary>Connects and shakes hands.</summary>
    /// <exception cref="WebSocketException">The host refuses; its message has the status.</exception>
    public static Task<HubClient> OpenAsync(Uri host, string query, params (string Name, string Value)[] headers) => OpenAsync(host, ChangesHub.Path, query, headers);

    /// <summary>Connects to any hub and shakes hands.</summary>
    /// <exception cref="WebSocketException">The host refuses; its message has the status.</exception>
    public static async Task<HubClient> OpenAsync(Uri host, string path, string query, params (string Name, string Value)[] headers)
    {
        var client = new HubClient();
        foreach (var (name, value) in headers) client._socket.Options.SetRequestHeader(name, value);
        await client._socket.ConnectAsync(new UriBuilder(host) { Scheme = "ws", Path = path, Query = query }.Uri, client._patience.Token);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        (await client.ReceiveAsync())!.AsObject().ShouldBeEmpty();
        return client;
    }

    /// <summary>Waits for the next message to a target.</summary>
    public async Task<JsonNode> NextAsync(string target)
    {
        while (await ReceiveAsync() is { } message)
        {
            if (message["target"]?.GetValue<string>() is not { } named) continue; // a ping
            named.ShouldBe(target);
            return message["arguments"]![0]!;
        }

        throw new InvalidOperationException("The host has hung up.");
    }

    /// <summary>Waits for the next message, whatever its target.</summary>
    public async Task<(string Target, JsonNode Argument)> NextAsync()
    {
        while (await ReceiveAsync() is { } message)
        {
            if (message["target"]?.GetValue<string>() is { } target) return (target, message["arguments"]![0]!);
        }

        throw new InvalidOperationException("The host has hung up.");
    }

    /// <summary>Waits for so many changes.</summary>
    public async Task<IReadOnlyList<JsonNode>> ChangesAsync(int count)
    {
        var changes = new List<JsonNode>();
        while (changes.Count < count) changes.Add(await NextAsync("changed"));
        return changes;
    }

    /// <summary>Takes all changes until one of them, or until the host hangs up.</summary>
    public async Task<IReadOnlyList<JsonNode>> AllAsync(Func<JsonNode, bool> until)
    {
        var changes = new List<JsonNode>();
        while ((changes.Count == 0 || !until(changes[^1])) && await ReceiveAsync() is { } message)
        {
            if (message["target"] is not null) changes.Add(message["arguments"]![0]!);
        }

        return changes;
    }

    /// <summary>Calls a method of the hub; changes that come meanwhile are passed over.</summary>
    public async Task<JsonNode> CallAsync(string method, params object[] arguments)
    {
        var id = $"{++_calls}";
        await SendAsync(JsonSerializer.Serialize(new { type = 1, invocationId = id, target = method, arguments }));
        while (await ReceiveAsync() is { } message)
        {
            if (message["invocationId"]?.GetValue<string>() == id) return message;
        }

        throw new InvalidOperationException("The host has hung up.");
    }

    /// <summary>Calls a method of the hub and waits for no answer: nothing that comes meanwhile is passed over.</summary>
    public Task TellAsync(string method, params object[] arguments) => SendAsync(JsonSerializer.Serialize(new { type = 1, target = method, arguments }));

    /// <summary>Waits until the host hangs up.</summary>
    /// <returns>Whether it says that coming again is right.</returns>
    public async Task<bool> HungUpAsync()
    {
        var again = false;
        while (await ReceiveAsync() is { } message) again = message["type"]?.GetValue<int>() == 7 && message["allowReconnect"]?.GetValue<bool>() == true;
        return again;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _patience.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task SendAsync(string message) => _socket.SendAsync(Encoding.UTF8.GetBytes(message + End), WebSocketMessageType.Text, true, _patience.Token);

    private async Task<JsonNode?> ReceiveAsync()
    {
        var buffer = new byte[16 * 1024];
        while (_received.Count == 0)
        {
            if (await PartAsync(buffer) is not { MessageType: WebSocketMessageType.Text } part) return null;
            _rest.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
            var texts = _rest.ToString().Split(End);
            foreach (var text in texts[..^1]) _received.Enqueue(JsonNode.Parse(text)!);
            _rest.Clear().Append(texts[^1]);
        }

        return _received.Dequeue();
    }

    /// <returns><c>null</c> when the host has hung up without a word.</returns>
    private async Task<WebSocketReceiveResult?> PartAsync(byte[] buffer)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, _patience.Token);
        }
        catch (WebSocketException e) when (e.WebSocketErrorCode == WebSocketError.ConnectionClosedPrematurely)
        {
            return null;
        }
    }
}
