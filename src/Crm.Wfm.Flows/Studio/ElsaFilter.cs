using Crm.Wfm.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Studio;

/// <summary>What whoever asks may do; filled by <see cref="ElsaFilter"/> before a handler runs.</summary>
internal sealed class ElsaCaller
{
    public ElsaRights Rights { get; set; }

    public bool CanEdit => Rights.HasFlag(ElsaRights.Edit);
}

/// <summary>Says what an endpoint asks of whoever calls it; without it: to look.</summary>
internal sealed record ElsaNeeds(ElsaRights Rights);

/// <summary>Refuses who may not do it, and bodies nobody can read.</summary>
internal sealed class ElsaFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var (http, services) = (context.HttpContext, context.HttpContext.RequestServices);
        var needed = http.GetEndpoint()?.Metadata.GetMetadata<ElsaNeeds>()?.Rights ?? ElsaRights.Look;
        var caller = services.GetRequiredService<ElsaCaller>();
        caller.Rights = services.GetRequiredService<IOptions<ElsaApiOptions>>().Value
            .Of(http, services.GetRequiredService<CurrentRequest>().Actor, services.GetRequiredService<IOptions<WfmOptions>>().Value.PublisherRole);
        if (!caller.Rights.HasFlag(needed)) return Problems.Forbidden($"You may not do this: it needs the right to {needed switch { ElsaRights.Edit => "edit flows", ElsaRights.Run => "run flows", _ => "look at flows" }}.");
        if (context.Arguments.OfType<IElsaBody>().FirstOrDefault(b => b.Problems.Count > 0) is { } body) return ElsaAnswer.Refused(body.Problems);
        return await next(context);
    }
}

/// <summary>Says that a POST only reads: who may not write may send it.</summary>
public sealed class ReadingPost
{
    internal static ReadingPost Instance { get; } = new();
}

internal static class ElsaEndpointExtensions
{
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder endpoint, ElsaRights rights) => endpoint.WithMetadata(new ElsaNeeds(rights));

    public static RouteHandlerBuilder OnlyReads(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(ReadingPost.Instance);
}
