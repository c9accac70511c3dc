using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Crm.Host.Studio;

/// <summary>A page of the front end: sent anew each time, with a policy that lets nothing in from elsewhere.</summary>
internal sealed class StudioPage(string folder, string name, string policy)
{
    public const string Application = "index.html";
    public const string ElsaFrame = "elsa.html";

    // Scripts that Elsa Studio 3.8.2 writes into its pages: the keys of the editor and of the list of instances.
    private const string ElsaScripts = "'sha256-snlP1jz0gjwc5cTz9ErZcliXuCK63+Mmf68RRCeptgc=' 'sha256-vu6sQrKXQHR4Yn3FMMihA/9TxxfIXnCxKwvLrTPJ5ts='";

    private const string Common = "default-src 'none'; connect-src 'self'; img-src 'self' data:; base-uri 'self'; form-action 'none'; object-src 'none'; ";
    private const string ApplicationPolicy = Common + "script-src 'self'; style-src 'self' 'nonce-{nonce}'; font-src 'self'; frame-src 'self'; frame-ancestors 'none'";
    private const string ElsaPolicy = Common + $"script-src 'self' 'wasm-unsafe-eval' {ElsaScripts}; style-src 'self' 'unsafe-inline'; font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'self'";

    private readonly ConcurrentDictionary<DateTime, string> _texts = new();

    /// <summary>Our application.</summary>
    public static StudioPage OfApplication(StudioFolders folders) => new(folders.Site, Application, ApplicationPolicy);

    /// <summary>What is around Elsa's elements.</summary>
    public static StudioPage OfElsa(StudioFolders folders) => new(folders.Site, ElsaFrame, ElsaPolicy);

    public async Task SendAsync(HttpContext http)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = policy.Replace("{nonce}", nonce, StringComparison.Ordinal);
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        var bytes = Encoding.UTF8.GetBytes((await ReadAsync(http.RequestAborted)).Replace("{nonce}", nonce, StringComparison.Ordinal));
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        if (HttpMethods.IsGet(http.Request.Method)) await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    // Read again when another build has put another one there.
    private async Task<string> ReadAsync(CancellationToken ct)
    {
        var file = Path.Combine(folder, name);
        var written = File.GetLastWriteTimeUtc(file);
        if (_texts.TryGetValue(written, out var known)) return known;
        _texts.Clear();
        return _texts[written] = await File.ReadAllTextAsync(file, ct);
    }
}
