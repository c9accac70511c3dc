using System.Globalization;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Wfm.OpenApi;

/// <summary>Describes the headers of answers: what has a version says it as ETag as well, what was created says where it is.</summary>
internal sealed class ResponseHeaders : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var answer in context.Description.SupportedResponseTypes.Where(a => a.StatusCode is >= 200 and < 300))
        {
            var response = (OpenApiResponse)operation.Responses![answer.StatusCode.ToString(CultureInfo.InvariantCulture)];
            if (answer.Type?.GetProperty("Version")?.PropertyType == typeof(int)) Add(response, "ETag", $"The version, to be sent as {ETags.Header}.");
            if (answer.StatusCode == StatusCodes.Status201Created) Add(response, "Location", "Where it is.");
        }

        return Task.CompletedTask;
    }

    private static void Add(OpenApiResponse response, string name, string description) =>
        (response.Headers ??= new Dictionary<string, IOpenApiHeader>())[name] = new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}
