using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Host.Authentication;

/// <summary>Tells OpenAPI readers how to sign in, where nobody has to, and that who is signed in, even there, may lack the scope.</summary>
internal sealed class SecuritySchemes : IOpenApiDocumentTransformer, IOpenApiOperationTransformer
{
    private static readonly Dictionary<string, OpenApiSecurityScheme> Schemes = new()
    {
        [ApiKeyAuthentication.Scheme] = new() { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key: crm_…" },
        ["AccessToken"] = new() { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The access token of POST /sign-in or POST /refresh." },
        ["Cookie"] = new() { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "crm", Description = "The cookie of POST /sign-in?cookie=true, for pages of the same origin." },
    };

    private static OpenApiResponse Forbidden => new() { Description = "Forbidden", Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new OpenApiMediaType() } };

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new() { Title = "Crm", Version = "v1", Description = "Records, processes and moves under one gate." };
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        foreach (var (name, scheme) in Schemes) document.Components.SecuritySchemes[name] = scheme;
        document.Security = [.. Schemes.Keys.Select(name => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(name, document)] = [] })];
        return Task.CompletedTask;
    }

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any()) operation.Security = [];
        (operation.Responses ??= []).TryAdd($"{StatusCodes.Status403Forbidden}", Forbidden);
        return Task.CompletedTask;
    }
}
