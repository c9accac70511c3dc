using System.Net;
using System.Net.Sockets;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Tells addresses anybody can reach from those that lie within: of this machine, of private networks, of clouds' own services.</summary>
internal static class OutsideAddresses
{
    // IANA's special-purpose registries: what is not globally reachable.
    private static readonly IPNetwork[] Inner =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(n => IPNetwork.Parse(n)),
    ];

    /// <summary>Tells whether an address is public.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var plain = Plain(address);
        return !Array.Exists(Inner, n => n.Contains(plain));
    }

    /// <summary>Takes an IPv4 address out of the IPv6 forms it can lie in: mapped, 6to4, NAT64.</summary>
    public static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        if (bytes is [0x20, 0x02, ..]) return new(bytes.AsSpan(2, 4));
        return bytes is [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, ..] ? new(bytes.AsSpan(12, 4)) : address;
    }
}
