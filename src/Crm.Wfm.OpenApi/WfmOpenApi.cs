using Microsoft.AspNetCore.OpenApi;

namespace Crm.Wfm.OpenApi;

/// <summary>Describes the package's endpoints in the host's OpenAPI document.</summary>
public static class WfmOpenApi
{
    /// <summary>Describes what the package's endpoints, and those of the host that are made of the same parts, take and answer: enough to generate a client from.</summary>
    /// <param name="options">Those of the host's document.</param>
    public static OpenApiOptions AddWfm(this OpenApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.CreateSchemaReferenceId = SchemaNames.Of;
        return options
            .AddSchemaTransformer<JsonSchemas>().AddSchemaTransformer<MergePatchSchema>()
            .AddOperationTransformer<RequestParameters>().AddOperationTransformer<RequestHeaders>().AddOperationTransformer<ResponseHeaders>().AddOperationTransformer<ProblemResponses>()
            .AddDocumentTransformer<ProblemSchemas>();
    }
}
