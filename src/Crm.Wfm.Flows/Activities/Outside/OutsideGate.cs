using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Activities;

/// <summary>
/// Decides where flows may connect to. Asked at connect time, with the very address that is connected to: a name that leads elsewhere a moment later, or a redirect, gets no
/// further than any other.
/// </summary>
internal sealed class OutsideGate(IOptions<OutsideOptions> options)
{
    private readonly OutsideOptions _options = options.Value;
    private readonly IPNetwork[] _allowed = [.. options.Value.AllowedNetworks.Select(n => IPNetwork.Parse(n))];

    /// <summary>Tells whether requests to a host may be sent at all.</summary>
    public bool Allows(string host) => _options.AllowedHosts.Length == 0 || Array.Exists(_options.AllowedHosts, allowed => Matches(host, allowed));

    /// <summary>Tells whether an address may be connected to.</summary>
    public bool Allows(IPAddress address)
    {
        var plain = OutsideAddresses.Plain(address);
        return OutsideAddresses.IsPublic(plain) || Array.Exists(_allowed, n => n.Contains(plain));
    }

    /// <summary>Connects to the first address of a host that may be connected to and answers.</summary>
    /// <exception cref="FlowException">None of its addresses may be connected to.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken ct)
    {
        if (!Allows(host.Host)) throw NotAllowed(host.Host);
        var found = IPAddress.TryParse(host.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host.Host, ct);
        IPAddress[] addresses = [.. found.Where(Allows)];
        if (addresses.Length == 0) throw new FlowException($"{host.Host} leads to {string.Join(", ", found.Select(a => a.ToString()))}, where flows may not connect to (Wfm:Flows:Outside:AllowedNetworks)") { IsFinal = true };
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, host.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static FlowException NotAllowed(string host) => new($"flows may not send requests to {host} (Wfm:Flows:Outside:AllowedHosts)") { IsFinal = true };

    private static bool Matches(string host, string allowed) =>
        allowed.StartsWith("*.", StringComparison.Ordinal) ? host.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase) : host.Equals(allowed, StringComparison.OrdinalIgnoreCase);
}
