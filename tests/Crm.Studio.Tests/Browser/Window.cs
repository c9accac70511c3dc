using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Crm.Studio.Tests.Browser;

/// <summary>How a window looks at the world.</summary>
internal sealed record Look(ColorScheme Colours = ColorScheme.Light, int Width = 1400, int Height = 850);

/// <summary>A browser's window with cookies of its own, which notes whatever goes wrong in it.</summary>
internal sealed class Window : IAsyncDisposable
{
    private static readonly Lazy<Task<IBrowser>> Shared = new(LaunchAsync);

    /// <summary>How often something is done that was lost each time.</summary>
    public const int Tries = 3;

    // A machine may be busy with much else.
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(3);

    // By then somebody sees that what they did was lost.
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    // Of what was answered, the last are told when something fails.
    private const int Answers = 12;

    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly ConcurrentQueue<string> _answers = new();
    private readonly IBrowserContext _context;
    private readonly Uri _address;
    private Func<string, bool> _expected = _ => false;

    private Window(IBrowserContext context, IPage page, Uri address)
    {
        (_context, Page, _address) = (context, page, address);
        context.Console += (_, message) =>
        {
            if (message.Type == "error") Note($"console: {message.Text}");
        };
        context.WebError += (_, error) => Note($"error: {error.Error}");
        context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address.ToString(), StringComparison.Ordinal) && new Uri(request.Url).Scheme is "http" or "https" or "ws" or "wss") Note($"leaves the origin: {request.Url}");
        };
        context.RequestFailed += (_, request) =>
        {
            // What nobody waits for any longer is given up: a list that was asked for anew.
            if (request.Failure != "net::ERR_ABORTED") Note($"failed: {request.Method} {request.Url} {request.Failure}");
        };
        context.Response += (_, response) =>
        {
            _answers.Enqueue($"{response.Status}: {response.Request.Method} {new Uri(response.Url).PathAndQuery}");
            while (_answers.Count > Answers) _answers.TryDequeue(out string? _);
            if (response.Status >= 400) Note($"{response.Status}: {response.Request.Method} {new Uri(response.Url).PathAndQuery}");
        };
    }

    public IPage Page { get; }

    /// <summary>Gets how long something is waited for.</summary>
    public TimeSpan Patience { get; private set; }

    /// <summary>Gets what Elsa Studio shows.</summary>
    public IFrameLocator Elsa => Page.FrameLocator("iframe.elsa");

    public IBrowserContext Context => _context;

    public static async Task<Window> OpenAsync(Uri address, Look look)
    {
        var context = await (await Shared.Value).NewContextAsync(new() { BaseURL = address.ToString(), ColorScheme = look.Colours, ViewportSize = new() { Width = look.Width, Height = look.Height }, Locale = "en-GB", TimezoneId = "Europe/Berlin" });
        var window = new Window(context, await context.NewPageAsync(), address);
        window.BePatient(Usual);
        return window;
    }

    /// <summary>Does something, and looks whether anything went wrong. When it did, a picture of the page is in <c>artifacts/studio-failures</c>.</summary>
    public async Task DoAsync(Func<Window, Task> act)
    {
        try
        {
            await act(this);
            (await Page.GetByText("Elsa Studio stopped.").CountAsync()).ShouldBe(0, "Elsa Studio showed its red bar");
            _wrong.ShouldBeEmpty();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\nWent wrong:\n{string.Join('\n', _wrong)}\nAnswered last:\n{string.Join('\n', _answers)}\nAt {Page.Url}, {await PictureAsync()}", e);
        }
    }

    // What failed is told even if the page cannot be pictured any more.
    private async Task<string> PictureAsync()
    {
        var file = Path.Combine(Checkout.Root, "artifacts", "studio-failures", Path.GetRandomFileName() + ".png");
        try
        {
            await Page.ScreenshotAsync(new() { Path = file });
            return $"see {file}";
        }
        catch (Exception e) when (e is PlaywrightException or TimeoutException)
        {
            return $"without a picture: {e.Message}";
        }
    }

    /// <summary>Takes what is told here for what is meant to happen, from now on.</summary>
    public void Expect(Func<string, bool> told) => _expected = told;

    /// <summary>Waits longer from now on, or shorter.</summary>
    public void BePatient(TimeSpan patience)
    {
        Patience = patience;
        _context.SetDefaultTimeout((float)patience.TotalMilliseconds);
    }

    /// <summary>Does something, and once more when it came too early: what should be seen then is not.</summary>
    public static async Task UntilSeenAsync(Func<Task> act, ILocator seen)
    {
        for (var tries = 1; tries < Tries; tries++)
        {
            await act();
            if (await IsSoonAsync(seen.WaitForAsync(new() { Timeout = (float)Soon.TotalMilliseconds }))) return;
        }

        await act();
        await seen.WaitForAsync();
    }

    /// <summary>Whether something happens before one would take it for lost.</summary>
    public static async Task<bool> IsSoonAsync(Task happens)
    {
        try
        {
            await happens.WaitAsync(Soon);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Does what opens the dialog for a file, and gives it one.</summary>
    public async Task GiveFileAsync(Func<Task> ask, string file)
    {
        for (var tries = 1; ; tries++)
        {
            var chooser = Page.WaitForFileChooserAsync();
            await ask();
            // Five seconds after a click a browser opens none any more: a busy machine may take longer to get there.
            if (tries < Tries && !await IsSoonAsync(chooser)) continue;
            await (await chooser).SetFilesAsync(file);
            return;
        }
    }

    /// <summary>Waits until the address is what is meant: looked at again and again, for an address that changes while one begins to wait for it is missed by who waits for the change.</summary>
    public Task AtAsync(string pattern) => Assertions.Expect(Page).ToHaveURLAsync(new Regex(pattern), new() { Timeout = (float)Patience.TotalMilliseconds });

    public async Task GoAsync(string path) => await Page.GotoAsync(path);

    /// <summary>Signs in where the application asks for it.</summary>
    public async Task SignInAsync(string email, string password)
    {
        await Page.GetByLabel("E-mail address").FillAsync(email);
        await TypePasswordAsync(password);
        await Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).WaitForAsync();
    }

    public async Task TypePasswordAsync(string password)
    {
        await Page.Locator("input[autocomplete=current-password]").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    /// <summary>Signs in and goes to a place of Elsa Studio's.</summary>
    public async Task SignInToAsync(string path, string email)
    {
        await GoAsync(path);
        await SignInAsync(email, Crm.Host.Tests.Accounts.Members.Password);
    }

    public Task<string> TokenAsync() => Page.EvaluateAsync<string>("JSON.parse(localStorage.getItem('crm.session')).accessToken");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Note(string wrong)
    {
        if (!_expected(wrong)) _wrong.Enqueue(wrong);
    }

    private static async Task<IBrowser> LaunchAsync()
    {
        Assertions.SetDefaultExpectTimeout((float)Usual.TotalMilliseconds);
        var (chromium, playwright) = (await Chromium.Async, await Playwright.CreateAsync());
        return await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium.Executable,
            Channel = chromium.Executable is null ? "chrome" : null,
            Env = chromium.Environment.Select(e => new KeyValuePair<string, string>(e.Key, e.Value)),
            Args = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
    }
}
