using Crm.Entities.ApiKeys;
using Crm.Host.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Host.ApiKeys;

/// <summary>Tells which scopes there are.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ScopeListAttribute : Attribute, IDescribed
{
    public void Describe(OpenApiSchema member) => ((OpenApiSchema)member.Items!).Enum = [.. ApiKeyScopes.All];
}
