using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Wfm.OpenApi;

/// <summary>Describes the headers endpoints read themselves: which version was seen, under which key a request may be repeated.</summary>
internal sealed class RequestHeaders : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var versionInBody = metadata.OfType<IAcceptsMetadata>().Any(a => a.RequestType?.GetProperty("Version") is not null);
        if (versionInBody) Add(ETags.Header, false, "The version that was seen, as the ETag had it; or send it in the body.");
        else if (metadata.OfType<AsksForVersion>().Any()) Add(ETags.Header, true, "The version that was seen, as the ETag had it.");
        if (metadata.OfType<HttpIdempotency>().Any()) Add(IdempotencyHeader.Name, false, IdempotencyHeader.Meaning);
        return Task.CompletedTask;

        void Add(string name, bool required, string description) => (operation.Parameters ??= []).Add(
            new OpenApiParameter { Name = name, In = ParameterLocation.Header, Required = required, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
    }
}
