using Crm.Wfm;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Host.OpenApi;

/// <summary>Describes the members problems have besides those of RFC 9457; which type has which is in docs/errors.md.</summary>
internal sealed class ProblemSchema : IOpenApiDocumentTransformer
{
    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        if (document.Components?.Schemas is not { } schemas || schemas["ProblemDetails"] is not OpenApiSchema { Properties: { } members } problem) return;
        problem.Required = new HashSet<string> { "type", "title", "status" };
        members["type"] = Text("What kind of problem it is: urn:crm-wfm:problem:…");
        members["title"] = Text("The kind in words.");
        members["status"] = Number("The status of the answer.");
        members["traceId"] = Text("Finds the request in the log.");
        members["faults"] = await ListAsync<Fault>("What is wrong with the request (invalid).");
        members["reasons"] = await ListAsync<ReasonResponse>("Why the move is refused (refused).");
        members["step"] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Description = "The step the project stays in (refused)." };
        members["version"] = Number("The version the project stays at (refused).");
        members["currentVersion"] = Number("The version there is (stale-version).");

        async Task<OpenApiSchema> ListAsync<T>(string description)
        {
            if (!schemas.ContainsKey(typeof(T).Name)) document.AddComponent(typeof(T).Name, await context.GetOrCreateSchemaAsync(typeof(T), null, cancellationToken));
            return new() { Type = JsonSchemaType.Array, Items = new OpenApiSchemaReference(typeof(T).Name, document), Description = description };
        }
    }

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };

    private static OpenApiSchema Number(string description) => new() { Type = JsonSchemaType.Integer, Format = "int32", Description = description };
}
