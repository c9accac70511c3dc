using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Crm.Host.Commands;

/// <summary>The lines of a stream but blank ones. However long a line is, no more of it is kept than may be.</summary>
internal sealed class JsonLines(Stream stream)
{
    /// <summary>The longest line.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;

    private readonly PipeReader _reader = PipeReader.Create(stream, new(bufferSize: 1 << 16, leaveOpen: true));

    /// <summary>Reads to the end and gives the lines as they arrive, all that are there at once; <c>null</c> stands for a line that is too long.</summary>
    public async IAsyncEnumerable<IReadOnlyList<byte[]?>> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var (isEnd, isTooLong) = (false, false);
        while (!isEnd)
        {
            // A console that is waited for heeds no token.
            var read = await _reader.ReadAsync(ct).AsTask().WaitAsync(ct);
            var lines = new List<byte[]?>();
            var (rest, next) = (read.Buffer, read.Buffer.PositionOf((byte)'\n'));
            for (; next is { } end; next = rest.PositionOf((byte)'\n'))
            {
                if (isTooLong || !IsBlank(rest.Slice(0, end))) lines.Add(isTooLong ? null : Line(rest.Slice(0, end)));
                rest = rest.Slice(rest.GetPosition(1, end));
                isTooLong = false;
            }

            isEnd = read.IsCompleted;
            isTooLong |= rest.Length > MaxBytes;
            if (isEnd && (isTooLong || !IsBlank(rest))) lines.Add(isTooLong ? null : Line(rest));
            _reader.AdvanceTo(isTooLong ? rest.End : rest.Start, rest.End);
            yield return lines;
        }
    }

    private static byte[]? Line(in ReadOnlySequence<byte> line) => line.Length > MaxBytes ? null : line.ToArray();

    private static bool IsBlank(in ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.ContainsAnyExcept(" \t\r"u8)) return false;
        }

        return true;
    }
}
