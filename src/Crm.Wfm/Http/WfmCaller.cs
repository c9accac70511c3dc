using System.Security.Claims;
using Crm.Wfm.Moves;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Http;

/// <summary>Says for whom a request, or a connection that stays open, works: as the host told <see cref="WfmBuilder"/>.</summary>
public static class WfmCaller
{
    /// <summary>Finds who asks; <c>null</c> when nobody is signed in.</summary>
    public static Actor? ActorOf(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return (http.RequestServices.GetRequiredService<WfmBuilder>().ActorOf ?? ActorOfClaims)(http);
    }

    /// <summary>Finds the workspace that is asked.</summary>
    public static Guid WorkspaceOf(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.RequestServices.GetRequiredService<WfmBuilder>().WorkspaceOf?.Invoke(http) ?? Workspace.Default;
    }

    private static Actor? ActorOfClaims(HttpContext http)
    {
        var id = http.User.FindFirstValue("sub") ?? http.User.FindFirstValue(ClaimTypes.NameIdentifier);
        return Guid.TryParse(id, out var user) ? new(user, [.. http.User.FindAll(ClaimTypes.Role).Select(c => c.Value)]) : null;
    }
}
