using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Crm.Wfm.Http;

/// <summary>Versions as entity tags: <c>"7"</c>.</summary>
public static class ETags
{
    /// <summary>The header by which a client says which version it has seen.</summary>
    public const string Header = "If-Match";

    /// <summary>Writes a version as ETag.</summary>
    public static string Of(int version) => $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>Says where an endpoint is described that it asks for <see cref="Header"/>. Bodies with a member for the version say so themselves.</summary>
    public static RouteHandlerBuilder WithIfMatch(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new AsksForVersion()).ProducesProblem(StatusCodes.Status409Conflict);

    /// <summary>Finds the version the client has seen, in the body or in <c>If-Match</c>: one of them, not both.</summary>
    public static int? Version(HttpContext http, int? inBody, out Fault? fault)
    {
        fault = null;
        var header = http.Request.Headers.IfMatch.ToString();
        if (header.Length == 0)
        {
            if (inBody is null) fault = new("/version", "required", "Send the version you have seen: here or as If-Match.");
            return inBody;
        }

        if (inBody is not null) fault = new("/version", "ambiguous", "Send the version or If-Match, not both.");
        else if (int.TryParse(header.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)) return version;
        else fault = new("", "if-match", "If-Match is the ETag you were given, such as \"7\".");
        return null;
    }
}

/// <summary>Marks an endpoint that has to be told which version was seen (<see cref="ETags.WithIfMatch"/>).</summary>
public sealed record AsksForVersion;
