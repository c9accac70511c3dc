using Crm.Host.Configuration;
using Microsoft.Extensions.Options;

namespace Crm.Host.Studio;

/// <summary>Serves the web front end at <c>/studio/</c>, and Elsa Studio below it, at <c>/studio/elsa/</c>.</summary>
internal static class StudioEndpoints
{
    public const string Path = "/studio";

    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps it, unless it was left out of the build or turned off.</summary>
    public static void MapStudio(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<CrmOptions>>().Value.Studio || StudioFolders.Find() is not { } folders) return;
        var (site, elsa) = (new StudioFiles(folders.Site), new StudioFiles(folders.Elsa));
        var (application, frame) = (StudioPage.OfApplication(folders), StudioPage.OfElsa(folders));
        Map(app, "/", http => Redirect(http, Path + "/"));
        Map(app, Path + "/{**path}", http => http.Request.Path == Path ? Redirect(http, Path + "/") : SendAsync(http, site, application, "assets/"));
        Map(app, Path + "/elsa/{**path}", http => SendAsync(http, elsa, frame, "_content/", "_framework/"));
    }

    /// <summary>Tells whether it is served.</summary>
    public static bool HasStudio(this WebApplication app) => app.Services.GetRequiredService<IOptions<CrmOptions>>().Value.Studio && StudioFolders.Find() is not null;

    private static void Map(WebApplication app, string pattern, RequestDelegate handle) => app.MapMethods(pattern, Reads, handle).AllowAnonymous().ExcludeFromDescription();

    // Every address below that is not a file is a place within the page.
    private static async Task SendAsync(HttpContext http, StudioFiles files, StudioPage page, params string[] filesOnly)
    {
        var path = http.GetRouteValue("path") as string ?? "";
        if (files.Find(path) is { } file) await files.SendAsync(http, file);
        else if (filesOnly.Any(f => path.StartsWith(f, StringComparison.Ordinal))) http.Response.StatusCode = StatusCodes.Status404NotFound;
        else await page.SendAsync(http);
    }

    private static Task Redirect(HttpContext http, string to)
    {
        http.Response.Redirect(to + http.Request.QueryString);
        return Task.CompletedTask;
    }
}
