using System.Buffers.Binary;

namespace Crm.Wfm.Flows.Running;

/// <summary>Makes ids of runs: UUIDs of version 7 that begin with the time to a fraction of the millisecond (RFC 9562, 6.2, method 3), so that in their order runs were started.</summary>
internal static class RunIds
{
    private const int FractionBits = 12;

    private static long _last;

    /// <summary>Makes one; of those a host makes at one moment each comes after the one before.</summary>
    public static Guid New(DateTimeOffset now)
    {
        var ticks = (now - DateTimeOffset.UnixEpoch).Ticks;
        var stamp = (ticks / TimeSpan.TicksPerMillisecond << FractionBits) + ((ticks % TimeSpan.TicksPerMillisecond << FractionBits) / TimeSpan.TicksPerMillisecond);
        long last, next;
        do
        {
            last = Volatile.Read(ref _last);
            // A clock that was put back further than many made at once can be ahead counts from there.
            next = stamp <= last && last - stamp < 1000 << FractionBits ? last + 1 : stamp;
        }
        while (Interlocked.CompareExchange(ref _last, next, last) != last);
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(now).TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes, (next >> FractionBits << 16) | 0x7000 | (next & ((1 << FractionBits) - 1)));
        return new(bytes, bigEndian: true);
    }

    /// <summary>Makes the least a run started then could have.</summary>
    public static Guid First(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds() << 16);
        return new(bytes, bigEndian: true);
    }
}
