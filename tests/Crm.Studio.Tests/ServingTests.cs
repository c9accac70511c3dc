using System.Net;
using System.Text.RegularExpressions;

namespace Crm.Studio.Tests;

/// <summary>How pages and files go over the wire.</summary>
public sealed partial class ServingTests(StudioHost host) : IClassFixture<StudioHost>, IDisposable
{
    private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = host.Address };

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("/?a=b", "/studio/?a=b")]
    [InlineData("/studio", "/studio/")]
    public async Task Shorter_addresses_lead_to_it(string path, string to)
    {
        using var answer = await _client.GetAsync(path);
        (answer.StatusCode, answer.Headers.Location?.ToString()).ShouldBe((HttpStatusCode.Found, to));
    }

    [Theory]
    [InlineData("/studio/")]
    [InlineData("/studio/flows/some.flow")]
    [InlineData("/studio/elsa/workflows/instances/1/view")]
    public async Task Page_comes_with_a_policy_that_lets_nothing_in_from_elsewhere_and_is_not_kept(string path)
    {
        using var answer = await _client.GetAsync(path);

        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single().Split("; ").Select(d => d.Split(' ')).ToDictionary(d => d[0], d => d[1..]);
        policy["default-src"].ShouldBe(["'none'"]);
        policy["object-src"].ShouldBe(["'none'"]);
        policy.SelectMany(d => d.Value).ShouldAllBe(source => source == "'self'" || source == "'none'" || source == "data:" || source == "blob:" || source.StartsWith("'sha256-") || source.StartsWith("'nonce-") || source == "'wasm-unsafe-eval'" || source == "'unsafe-inline'");
        policy["script-src"].ShouldNotContain("'unsafe-inline'");
        policy["script-src"].ShouldNotContain("data:");
        var elsa = path.Contains("/elsa/", StringComparison.Ordinal);
        policy["frame-ancestors"].ShouldBe([elsa ? "'self'" : "'none'"]);
        policy["style-src"].Contains("'unsafe-inline'").ShouldBe(elsa);
        policy["script-src"].Contains("'wasm-unsafe-eval'").ShouldBe(elsa);
    }

    [Fact]
    public async Task Nonce_is_good_for_one_answer_and_stands_in_it()
    {
        var nonces = new List<string>();
        for (var time = 0; time < 2; time++)
        {
            using var answer = await _client.GetAsync("/studio/");
            var nonce = Nonce().Match(answer.Headers.GetValues("Content-Security-Policy").Single()).Groups[1].Value;
            (await answer.Content.ReadAsStringAsync()).ShouldContain($"content=\"{nonce}\"");
            nonces.Add(nonce);
        }

        nonces.Distinct().Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("/studio/", "/studio/")]
    [InlineData("/studio/elsa/", "/studio/elsa/")]
    public async Task Everything_a_page_names_is_there_and_kept_for_a_year_or_asked_for_by_its_tag(string page, string home)
    {
        var text = await _client.GetStringAsync(page);
        var named = Named().Matches(text).Select(m => m.Groups[1].Value).Where(u => u != home && !u.StartsWith("data:", StringComparison.Ordinal)).ToList();
        named.Count.ShouldBeGreaterThan(4);
        foreach (var url in named)
        {
            using var answer = await _client.GetAsync(new Uri(new Uri(host.Address, home), url));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, url);
            var immutable = answer.Headers.CacheControl!.Extensions.Any(e => e.Name == "immutable");
            immutable.ShouldBe(url.Contains("/assets/", StringComparison.Ordinal), url);
            if (immutable) answer.Headers.CacheControl.MaxAge.ShouldBe(TimeSpan.FromDays(365), url);
            await ShouldBeKnownAgainAsync(url, answer, new Uri(new Uri(host.Address, home), url));
        }
    }

    [Theory]
    [InlineData("*.wasm", "application/wasm", true)]
    [InlineData("*.dat", "application/octet-stream", true)]
    [InlineData("blazor.webassembly.js", "text/javascript; charset=utf-8", false)]
    public async Task Files_of_Elsa_Studio_have_their_types_and_are_sent_as_npm_compressed_them(string pattern, string type, bool immutable)
    {
        var folder = Path.Combine(Checkout.Root, "artifacts", "studio", "node_modules", "@elsa-workflows", "elsa-studio-wasm", "_framework");
        var file = Directory.EnumerateFiles(folder, pattern).First();
        foreach (var (accepted, sent) in new[] { ("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0", null), (null, null) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/studio/elsa/_framework/{Path.GetFileName(file)}");
            if (accepted is not null) request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
            using var answer = await _client.SendAsync(request);

            answer.Content.Headers.ContentType!.ToString().ShouldBe(type);
            answer.Content.Headers.ContentEncoding.ShouldBe(sent is null ? [] : [sent]);
            answer.Headers.Vary.ShouldBe(["Accept-Encoding"]);
            answer.Headers.CacheControl!.Extensions.Any(e => e.Name == "immutable").ShouldBe(immutable);
            (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(await File.ReadAllBytesAsync(file + sent switch { "br" => ".br", "gzip" => ".gz", _ => "" }));
        }
    }

    [Theory]
    [InlineData("/studio/assets/nothing-12345678.js", HttpStatusCode.NotFound)]
    [InlineData("/studio/elsa/_framework/nothing.wasm", HttpStatusCode.NotFound)]
    [InlineData("/studio/elsa/_content/nothing.css", HttpStatusCode.NotFound)]
    [InlineData("/studio/elsa/_framework/%2e%2e/%2e%2e/%2e%2e/%2e%2e/package.json", HttpStatusCode.NotFound)]
    [InlineData("/studio/assets/..%2f..%2fapi%2fopenapi.json", HttpStatusCode.NotFound)]
    [InlineData("/studio/assets/%2fetc%2fpasswd", HttpStatusCode.NotFound)]
    public async Task What_is_not_there_is_not_found_and_nothing_outside_is(string path, HttpStatusCode status)
    {
        using var answer = await _client.GetAsync(path);
        answer.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task Only_reading_is_answered()
    {
        using var head = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/studio/"));
        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var posted = await _client.PostAsync("/studio/", null);
        posted.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    private async Task ShouldBeKnownAgainAsync(string url, HttpResponseMessage answer, Uri address)
    {
        using var again = new HttpRequestMessage(HttpMethod.Get, address);
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag.ShouldNotBeNull(url));
        using var unchanged = await _client.SendAsync(again);
        unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified, url);
    }

    [GeneratedRegex("'nonce-([^']+)'")]
    private static partial Regex Nonce();

    [GeneratedRegex("""(?:src|href)="([^"]+)""")]
    private static partial Regex Named();
}
