using System.ComponentModel;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Http;

internal static class ListApprovals // GET /approvals?after=&limit=
{
    public static void Map(IEndpointRouteBuilder approvals) => approvals.MapGet("", Handle).WithName(nameof(ListApprovals)).WithSummary("Lists what flows ask the actor to decide, those of the oldest runs first");

    private static async Task<Results<Ok<Page<ApprovalResponse>>, ProblemHttpResult>> Handle(
        [Description("What `next` said on the page before.")] string? after, int? limit, HostContext host, CurrentRequest current, CancellationToken ct)
    {
        if (Pages.Check(limit) is { } fault) return Problems.Faulty([fault]);
        var place = after is null ? null : ApprovalPlace.Read(after);
        if (after is not null && place is null) return Problems.Faulty([new("?after", "cursor", "after is what next said on the page before.")]);
        var open = await ApprovalStore.OpenAsync(host.Db, current.Actor, place, Pages.Size(limit) + 1, ct);
        return TypedResults.Ok(Pages.Of(open, limit, o => o.Place.ToString(), o => ApprovalResponse.Of(o.Request)));
    }
}

/// <summary>What a flow asks people to decide.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">What is to be decided.</param>
/// <param name="Payload">What there is to know for it.</param>
/// <param name="Run">The run that waits for it.</param>
/// <param name="RequestedAt">Since when.</param>
/// <param name="Due">Until when; nothing where it waits for ever.</param>
/// <param name="Roles">The roles that may decide.</param>
/// <param name="Users">The users that may decide.</param>
internal sealed record ApprovalResponse(
    string Id, string Title, [property: Description("What there is to know for it.")] Value Payload, Guid Run, DateTimeOffset RequestedAt, DateTimeOffset? Due, IReadOnlyList<string> Roles, IReadOnlyList<string> Users)
{
    public static ApprovalResponse Of(Value request) => new(request["approval"].AsText!, request["title"].AsText ?? "", request["payload"], Guid.Parse(request["run"].AsText!), Time(request["requestedAt"])!.Value,
        Time(request["due"]), Names(request["roles"]), Names(request["users"]));

    private static DateTimeOffset? Time(Value time) => time.AsText is { } text ? DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;

    private static string[] Names(Value names) => [.. names.AsList.ToArray().Select(n => n.AsText!)];
}
