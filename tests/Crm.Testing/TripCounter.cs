using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Crm.Testing;

/// <summary>Stands between a client and PostgreSQL and counts round trips: how often the client speaks after the server has spoken.</summary>
public sealed class TripCounter : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly Task _accepting;
    private int _trips;
    private int _swallow;
    private Interruption? _interruption;

    private sealed record Interruption(int Trip, bool IsHeard, Action Act, bool IsLost);

    /// <param name="connectionString">How the server is reached without us.</param>
    public TripCounter(string connectionString)
    {
        _server = new(connectionString);
        _listener.Start();
        _accepting = AcceptAsync();
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.ConnectionString;
    }

    /// <summary>How the server is reached by way of us.</summary>
    public string ConnectionString { get; }

    /// <summary>Round trips of all connections so far.</summary>
    public int Trips => Volatile.Read(ref _trips);

    /// <summary>Lets the server's answer to a round trip be lost, and the connection with it.</summary>
    /// <param name="trips">Which one, counted from now.</param>
    public void LoseAnswer(int trips) => Volatile.Write(ref _swallow, Trips + trips);

    /// <summary>Does something at a round trip.</summary>
    /// <param name="trips">Which one, counted from now.</param>
    /// <param name="isHeard">Whether the server has heard it, and answered; else it never will.</param>
    /// <param name="act">What is done.</param>
    /// <param name="isLost">Whether it is lost then, and the connection with it.</param>
    public void Interrupt(int trips, bool isHeard, Action act, bool isLost = true) => Volatile.Write(ref _interruption, new(Trips + trips, isHeard, act, isLost));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(RelayAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            await server.ConnectAsync(_server.Host!, _server.Port, _stop.Token);
            var serverSpokeLast = true;
            await Task.WhenAny(
                PumpAsync(client, server, () =>
                {
                    if (serverSpokeLast) Interlocked.Increment(ref _trips);
                    serverSpokeLast = false;
                    return !IsInterrupted(isHeard: false);
                }),
                PumpAsync(server, client, () =>
                {
                    serverSpokeLast = true;
                    return Interlocked.CompareExchange(ref _swallow, 0, Trips) != Trips && !IsInterrupted(isHeard: true);
                }));
        }
    }

    private bool IsInterrupted(bool isHeard)
    {
        if (Volatile.Read(ref _interruption) is not { } interruption || interruption.Trip != Trips || interruption.IsHeard != isHeard) return false;
        Volatile.Write(ref _interruption, null);
        interruption.Act();
        return interruption.IsLost;
    }

    private async Task PumpAsync(Socket from, Socket to, Func<bool> passes)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is var count and > 0 && passes()) await to.SendAsync(buffer.AsMemory(0, count), _stop.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side has hung up; the other is hung up on.
        }
    }
}
