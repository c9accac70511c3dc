using Microsoft.AspNetCore.WebUtilities;
using Npgsql;

namespace Crm.Host;

/// <summary>Problems that are nobody's answer but the server's own: no such route, wrong method, an outage.</summary>
internal static class HostProblems
{
    /// <summary>Gives them types like all others have: <c>urn:crm-wfm:problem:not-found</c>.</summary>
    public static void Name(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        if (problem.Type?.StartsWith("urn:", StringComparison.Ordinal) == true || problem.Status is not { } status) return;
        if (status == StatusCodes.Status404NotFound) problem.Detail ??= "There is nothing here. What there is, is described at /openapi/v1.json.";
        problem.Title = ReasonPhrases.GetReasonPhrase(status);
        problem.Type = "urn:crm-wfm:problem:" + problem.Title.ToLowerInvariant().Replace(' ', '-');
    }

    /// <summary>What a bad request says of itself, which Development throws; 503 when the database is away, which passes; 500 for our own mistakes.</summary>
    public static int Status(Exception e)
    {
        if (e is BadHttpRequestException bad) return bad.StatusCode;
        for (var cause = e; cause is not null; cause = cause.InnerException!)
        {
            if (cause is NpgsqlException { IsTransient: true }) return StatusCodes.Status503ServiceUnavailable;
        }

        return StatusCodes.Status500InternalServerError;
    }
}
