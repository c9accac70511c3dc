using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Crm.Benchmarks.Lists;

/// <summary>A client that costs next to nothing, over one connection that stays: what is measured is to be the host.</summary>
internal sealed class Caller(Uri address, string key) : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[1 << 20];
    private int _length;

    private ReadOnlySpan<byte> Answer => _answer.AsSpan(0, _length);

    /// <summary>Makes the bytes of a request.</summary>
    public byte[] Request(string method, string path, string body = "") => Encoding.UTF8.GetBytes(
        $"{method} {path} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {key}\r\n{(body.Length > 0 ? $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n" : "")}\r\n{body}");

    /// <summary>Sends a request and hears all of its answer.</summary>
    /// <exception cref="InvalidOperationException">It is no 200.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> request)
    {
        if (!_socket.Connected) await _socket.ConnectAsync(address.Host, address.Port);
        await _socket.SendAsync(request);
        _length = 0;
        do
        {
            var count = await _socket.ReceiveAsync(_answer.AsMemory(_length));
            if (count == 0) throw new InvalidOperationException("The host has hung up.");
            _length += count;
        }
        while (!IsWhole());
        if (!Answer.StartsWith("HTTP/1.1 200 "u8)) throw new InvalidOperationException(Encoding.UTF8.GetString(Answer));
    }

    /// <summary>Reads the body of the last answer, which comes in chunks: each follows its length.</summary>
    public string Body()
    {
        var (body, at) = (new StringBuilder(), Head());
        while (Utf8Parser.TryParse(Answer[at..], out int length, out var digits, 'x') && length > 0)
        {
            body.Append(Encoding.UTF8.GetString(Answer.Slice(at + digits + 2, length)));
            at += digits + 2 + length + 2;
        }

        return body.ToString();
    }

    public void Dispose() => _socket.Dispose();

    private int Head() => Answer.IndexOf("\r\n\r\n"u8) + 4;

    // JSON has no line breaks of this kind: the last chunk is known by its end.
    private bool IsWhole() => Answer.EndsWith("\r\n0\r\n\r\n"u8);
}
