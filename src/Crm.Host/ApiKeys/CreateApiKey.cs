using System.ComponentModel.DataAnnotations;
using Crm.Entities;
using Crm.Entities.ApiKeys;
using Crm.Host.Accounts;
using Crm.Host.Authentication;
using Crm.Wfm;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.ApiKeys;

internal static class CreateApiKey // POST /api-keys
{
    public static void Map(IEndpointRouteBuilder keys) => keys.MapPost("", Handle).WithName(nameof(CreateApiKey))
        .WithSummary("Makes an API key that acts as oneself, or, by an admin, as a program; its text is shown this once").ProducesProblem(StatusCodes.Status403Forbidden);

    private static async Task<Results<Created<NewApiKeyResponse>, ProblemHttpResult>> Handle(Body<CreateApiKeyRequest> body, HttpContext http, CrmDbContext db, AccountWrites writes, CancellationToken ct)
    {
        var request = body.Value;
        // Else a stolen key could outlive its revocation.
        if (SignedIn.Session(http) is null) return Problems.Forbidden("A key cannot make keys: sign in.");
        if (request.UserId is { } other && other != writes.Actor.Id && !writes.IsAdmin) return Problems.Forbidden($"A key for others needs the role {Entities.Users.Roles.Admin}.");
        if (await CheckAsync(request, db, writes, ct) is { Count: > 0 } faults) return Problems.Faulty(faults);
        var key = ApiKeyText.Create(writes.Now);
        var row = key.ToRow(writes.Workspace, request.UserId ?? writes.Actor.Id, request.Name, request.Scopes?.Distinct() ?? ApiKeyScopes.All, writes.Actor.Id, writes.Now, request.ExpiresAt?.ToUniversalTime());
        db.ApiKeys.Add(row);
        if (await writes.SaveAsync(ct) is { } problem) return problem;
        await writes.TellAsync("crm.api-key.created", "api-key", key.Id, ct, [("scopes", AccountWrites.Texts(row.Scopes))]);
        return TypedResults.Created($"{http.Request.Path}/{key.Id}", new NewApiKeyResponse(key.ToString(), ApiKeyResponse.From.Compile()(row)));
    }

    private static async Task<List<Fault>> CheckAsync(CreateApiKeyRequest request, CrmDbContext db, AccountWrites writes, CancellationToken ct)
    {
        var faults = new List<Fault>();
        if (request.Scopes is []) faults.Add(new("/scopes", "required", "A key needs a scope."));
        faults.AddRange((request.Scopes ?? []).Index().Where(s => !ApiKeyScopes.All.Contains(s.Item)).Select(s => new Fault($"/scopes/{s.Index}", "unknown-scope", $"is none of these: {string.Join(", ", ApiKeyScopes.All)}")));
        if (request.ExpiresAt <= writes.Now) faults.Add(new("/expiresAt", "past", "lies in the past"));
        // Acting as another person is nobody's right.
        if (request.UserId is { } user && user != writes.Actor.Id && !await db.Users.AnyAsync(u => u.Id == user && u.AccountId == null && u.Email == null, ct)) faults.Add(new("/userId", "not-found", "There is no such program."));
        return faults;
    }
}

internal sealed record CreateApiKeyRequest(
    [property: Required, StringLength(200)] string Name, [property: MaxLength(20), ScopeList] IReadOnlyList<string>? Scopes = null, DateTimeOffset? ExpiresAt = null, Guid? UserId = null);

/// <summary>A new key.</summary>
/// <param name="Key">Its text: to be sent as <c>Authorization: Bearer crm_…</c>, and shown never again.</param>
/// <param name="Details">What is known of it.</param>
internal sealed record NewApiKeyResponse(string Key, ApiKeyResponse Details);
