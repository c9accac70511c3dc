using Microsoft.OpenApi;

namespace Crm.Host.OpenApi;

/// <summary>A rule of a member that can be told to readers of the API's description.</summary>
internal interface IDescribed
{
    void Describe(OpenApiSchema member);
}
