using System.Linq.Expressions;
using Crm.Entities.ApiKeys;

namespace Crm.Host.ApiKeys;

/// <summary>An API key as the API shows it: enough to know it again, nothing to use it.</summary>
internal sealed record ApiKeyResponse(
    Guid Id, string Name, Guid UserId, [property: ScopeList] IReadOnlyList<string> Scopes, string LastFour, DateTimeOffset CreatedAt, Guid CreatedBy, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt)
{
    public static Expression<Func<ApiKey, ApiKeyResponse>> From { get; } =
        k => new(k.Id, k.Name, k.UserId, k.Scopes, k.LastFour, k.CreatedAt, k.CreatedBy, k.ExpiresAt, k.RevokedAt);
}
