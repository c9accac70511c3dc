using Crm.Wfm.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Http;

/// <summary>Lets in whom an endpoint lets in: everybody, those who are signed in, or those a policy of the host allows.</summary>
internal static class RequestAccess
{
    /// <summary>Says why somebody is not let in; <c>null</c> when they are.</summary>
    public static async Task<IResult?> RefusalAsync(HttpContext http, RequestPlace place)
    {
        if (!place.IsForSignedIn && place.Policy is null) return null;
        if (http.User.Identity is not { IsAuthenticated: true }) return TypedResults.Problem("Sign in first.", statusCode: StatusCodes.Status401Unauthorized);
        if (place.Policy is not { } policy) return null;
        // A policy the host does not have lets nobody in.
        var known = await http.RequestServices.GetRequiredService<IAuthorizationPolicyProvider>().GetPolicyAsync(policy);
        var allowed = known is not null && (await http.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(http.User, known)).Succeeded;
        return allowed ? null : Problems.Forbidden("The flow's policy does not let you in.");
    }
}
