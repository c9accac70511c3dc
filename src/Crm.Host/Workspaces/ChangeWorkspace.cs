using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Crm.Entities;
using Crm.Entities.Workspaces;
using Crm.Host.Accounts;
using Crm.Wfm;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Workspaces;

internal static class ChangeWorkspace // PATCH /workspace
{
    // Without cultures on the machine no CultureInfo can tell: the form has to do.
    private static readonly Regex Locale = new(@"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
    private static readonly Regex ZoneName = new(@"^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    public static void Map(IEndpointRouteBuilder admins) => admins.MapPatch("/workspace", Handle).WithName(nameof(ChangeWorkspace))
        .WithSummary("Changes the workspace's name, time zone, currency or locale").ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<WorkspaceSettings>, ProblemHttpResult>> Handle(Body<ChangeWorkspaceRequest> body, HttpContext http, CrmDbContext db, AccountWrites writes, CancellationToken ct)
    {
        var request = body.Value;
        if (ETags.Version(http, request.Version, out var fault) is not { } version) return Problems.Faulty([fault!]);
        if (await CheckAsync(request, db, ct) is { Count: > 0 } faults) return Problems.Faulty(faults);
        var change = new WorkspaceChange(request.Name, request.TimeZone, request.Currency, request.Locale, version);
        if (await db.ChangeWorkspaceAsync(change, writes.Actor.Id, writes.Now, ct) is not { } changed) return Problems.Stale("workspace", (await db.WorkspaceAsync(ct)).Version);
        await writes.TellAsync("crm.workspace.updated", "workspace", writes.Workspace, ct);
        http.Response.Headers.ETag = ETags.Of(changed.Version);
        return TypedResults.Ok(changed);
    }

    private static async Task<List<Fault>> CheckAsync(ChangeWorkspaceRequest request, CrmDbContext db, CancellationToken ct)
    {
        var faults = new List<Fault>();
        if (request.TimeZone is { } zone && !(ZoneName.IsMatch(zone) && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))) faults.Add(new("/timeZone", "unknown-time-zone", "is no time zone such as Europe/Berlin"));
        if (request.Locale is { } locale && !Locale.IsMatch(locale)) faults.Add(new("/locale", "unknown-locale", "is no locale such as de or de-CH"));
        if (request.Currency is { } currency && !await db.Database.SqlQuery<bool>($"""select exists (select from crm.currencies() c where c.code = {currency}) as "Value" """).SingleAsync(ct))
        {
            faults.Add(new("/currency", "unknown-currency", "is no currency of ISO 4217"));
        }

        return faults;
    }
}

internal sealed record ChangeWorkspaceRequest(
    [property: StringLength(200, MinimumLength = 1)] string? Name = null, [property: StringLength(64)] string? TimeZone = null, [property: StringLength(3)] string? Currency = null,
    [property: StringLength(20)] string? Locale = null, [property: Range(0, int.MaxValue)] int? Version = null);
