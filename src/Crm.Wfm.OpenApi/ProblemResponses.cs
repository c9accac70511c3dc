using System.Globalization;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Wfm.OpenApi;

/// <summary>Describes which problems an endpoint answers under each of its statuses.</summary>
internal sealed class ProblemResponses : IOpenApiOperationTransformer
{
    private const string ContentType = "application/problem+json";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var mayBeRefused = context.Description.ActionDescriptor.EndpointMetadata.OfType<MayBeRefused>().Any();
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (response.Content?.ContainsKey(ContentType) != true) continue;
            var kinds = Kinds(int.Parse(status, CultureInfo.InvariantCulture), mayBeRefused).Select(k => new OpenApiSchemaReference(k, context.Document)).ToList();
            response.Content[ContentType].Schema = kinds is [var only] ? only : new OpenApiSchema { AnyOf = [.. kinds] };
        }

        return Task.CompletedTask;
    }

    private static string[] Kinds(int status, bool mayBeRefused) => status switch
    {
        StatusCodes.Status400BadRequest or StatusCodes.Status415UnsupportedMediaType => [ProblemSchemas.Invalid, ProblemSchemas.Plain], // some requests do not reach their endpoint
        StatusCodes.Status409Conflict => [ProblemSchemas.StaleVersion, ProblemSchemas.Plain],
        StatusCodes.Status413PayloadTooLarge => [ProblemSchemas.Invalid],
        StatusCodes.Status422UnprocessableEntity => mayBeRefused ? [ProblemSchemas.Refused, ProblemSchemas.Invalid] : [ProblemSchemas.Invalid],
        _ => [ProblemSchemas.Plain],
    };
}
