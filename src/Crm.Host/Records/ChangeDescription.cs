using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Host.Records;

/// <summary>Tells OpenAPI readers what a change may say besides its body: the version it has seen, and a key under which it can be sent again. A patch has the members of the record, none of them required.</summary>
internal sealed class ChangeDescription : IOpenApiOperationTransformer
{
    private const string IfMatch = "If-Match";

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var body = metadata.OfType<IAcceptsMetadata>().FirstOrDefault();
        var isPatch = body?.ContentTypes.Contains("application/merge-patch+json") is true;
        if (isPatch)
        {
            var patch = await PatchOf(body!.RequestType!, context, cancellationToken);
            foreach (var content in operation.RequestBody!.Content!.Values) content.Schema = patch;
        }

        var deletesVersion = context.Description.HttpMethod == "DELETE" && operation.Responses?.ContainsKey("409") is true;
        if (isPatch || deletesVersion || body?.RequestType?.GetProperty("Version") is not null)
        {
            Add(operation, IfMatch, "The version that was seen, as ETag had it" + (deletesVersion ? "." : "; or `version` in the body."), deletesVersion);
        }

        if (metadata.OfType<HttpIdempotency>().Any()) Add(operation, IdempotencyHeader.Name, "Names the request: sent again under the same key it has one effect, and gets the first answer.", false);
    }

    private static async Task<OpenApiSchema> PatchOf(Type record, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var members = await context.GetOrCreateSchemaAsync(record, null, ct);
        return new()
        {
            Type = JsonSchemaType.Object,
            Description = "What is sent is changed, null clears, the rest stays.",
            Properties = new Dictionary<string, IOpenApiSchema>(members.Properties!) { ["version"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "0" } },
        };
    }

    private static void Add(OpenApiOperation operation, string name, string description, bool required) =>
        operation.Parameters = [.. operation.Parameters ?? [], new OpenApiParameter { Name = name, In = ParameterLocation.Header, Required = required, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } }];
}
