using Crm.Entities.ApiKeys;
using Crm.Host.Authentication;
using Crm.Wfm;
using Crm.Wfm.Flows.Studio;
using Crm.Wfm.Moves;
using Microsoft.Extensions.Options;

namespace Crm.Host.Flows;

/// <summary>Who may do what in Elsa Studio: whoever is signed in looks; who publishes bundles draws and runs flows too, unless their key only reads.</summary>
internal static class StudioRights
{
    /// <summary>Where Studio's hub is.</summary>
    public const string Hubs = "/elsa/hubs";

    public static ElsaRights Of(HttpContext http, Actor actor) =>
        actor.Roles.Contains(http.RequestServices.GetRequiredService<IOptions<WfmOptions>>().Value.PublisherRole) && SignedIn.Scopes(http).Contains(ApiKeyScopes.Write) ? ElsaRights.All : ElsaRights.Look;
}
