using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Crm.Host.Studio;

/// <summary>A folder of files as browsers want them: compressed where a twin lies beside them, for ever where the name tells the content, else by ETag.</summary>
internal sealed partial class StudioFiles(string folder)
{
    private static readonly (string Encoding, string Ending)[] Twins = [("br", ".br"), ("gzip", ".gz")];

    private static readonly FileExtensionContentTypeProvider Types = new(new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".js"] = "text/javascript; charset=utf-8", [".css"] = "text/css; charset=utf-8", [".json"] = "application/json", [".map"] = "application/json",
        [".wasm"] = "application/wasm", [".dat"] = "application/octet-stream", [".webmanifest"] = "application/manifest+json", [".woff2"] = "font/woff2",
        [".svg"] = "image/svg+xml", [".png"] = "image/png", [".ico"] = "image/x-icon", [".cur"] = "image/x-icon",
    });

    private readonly string _root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
    private readonly ConcurrentDictionary<(string File, DateTime Written), EntityTagHeaderValue> _tags = new();

    /// <summary>Finds a file to serve; <c>null</c> for what is not there, not below the folder, or of no type that is served.</summary>
    public string? Find(string path)
    {
        if (!Types.TryGetContentType(path, out _)) return null;
        var file = Path.GetFullPath(Path.Combine(_root, path));
        return file.StartsWith(_root, StringComparison.Ordinal) && File.Exists(file) ? file : null;
    }

    public async Task SendAsync(HttpContext http, string file)
    {
        var (encoding, sent) = Choose(http.Request.GetTypedHeaders(), file);
        var headers = http.Response.Headers;
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = TellsContent().IsMatch(file) ? "public, max-age=31536000, immutable" : "no-cache";
        if (encoding is not null) headers.ContentEncoding = encoding;
        _ = Types.TryGetContentType(file, out var type);
        await TypedResults.PhysicalFile(sent, type, entityTag: await TagAsync(sent, http.RequestAborted)).ExecuteAsync(http);
    }

    private static (string? Encoding, string File) Choose(RequestHeaders request, string file)
    {
        foreach (var (encoding, ending) in Twins)
        {
            if (request.AcceptEncoding.Any(a => a.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && a.Quality is not 0) && File.Exists(file + ending)) return (encoding, file + ending);
        }

        return (null, file);
    }

    // Packages from npm all bear the same date: the content alone tells one version from the next.
    private async Task<EntityTagHeaderValue> TagAsync(string file, CancellationToken ct)
    {
        var key = (file, File.GetLastWriteTimeUtc(file));
        if (_tags.TryGetValue(key, out var known)) return known;
        await using var stream = File.OpenRead(file);
        return _tags[key] = new($"\"{Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct))[..20]}\"");
    }

    // Blazor's dotnet.native.<10 letters>.wasm, Vite's assets/main-<8 letters>.js.
    [GeneratedRegex(@"[/\\]_framework[/\\][^/\\]+\.[a-z0-9]{10}\.\w+$|[/\\]assets[/\\][^/\\]+-[\w-]{8}\.\w+$")]
    private static partial Regex TellsContent();
}
