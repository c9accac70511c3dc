using Crm.Host.Authentication;
using Crm.Wfm.OpenApi;
using Microsoft.AspNetCore.OpenApi;

namespace Crm.Host.OpenApi;

/// <summary>The description of the API, at <c>/openapi/v1.json</c>.</summary>
internal static class OpenApiSetup
{
    // Who may come in is said first: what the package says of problems is said of those as well.
    public static void Describe(OpenApiOptions options) => options
        .AddDocumentTransformer<SecuritySchemes>().AddOperationTransformer<SecuritySchemes>()
        .AddWfm()
        .AddSchemaTransformer<FieldRules>().AddOperationTransformer<RetryAfter>().AddDocumentTransformer<HostProblemSchemas>();
}
