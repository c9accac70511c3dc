using System.Reflection;
using System.Text.Json;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Studio;

/// <summary>A body that knows what is wrong with it, in words.</summary>
internal interface IElsaBody
{
    IReadOnlyList<string> Problems { get; }
}

/// <summary>A body as Studio writes it: nulls for what it has nothing to say of, and members nobody here knows.</summary>
internal sealed class ElsaBody<T> : IElsaBody, IBindableFromHttpContext<ElsaBody<T>>
    where T : class, new()
{
    /// <summary>Gets the body; only to be read when there are no problems, which <see cref="ElsaFilter"/> sees to.</summary>
    public T Value { get; private init; } = new();

    public IReadOnlyList<string> Problems { get; private init; } = [];

    public static async ValueTask<ElsaBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (bytes, problems) = await ElsaBytes.ReadAsync(context);
        if (problems.Count > 0 || bytes.Length == 0) return new() { Problems = problems };
        try
        {
            return new() { Value = JsonSerializer.Deserialize<T>(bytes.Span, ElsaAnswer.Json) ?? new() };
        }
        catch (JsonException e)
        {
            return new() { Problems = [$"The request cannot be read: {e.Message}"] };
        }
    }
}

/// <summary>A body that is a definition, or holds one: any JSON at all.</summary>
internal sealed class ElsaDocument : IElsaBody, IBindableFromHttpContext<ElsaDocument>
{
    public Value Value { get; private init; }

    public IReadOnlyList<string> Problems { get; private init; } = [];

    public static async ValueTask<ElsaDocument?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (bytes, problems) = await ElsaBytes.ReadAsync(context);
        if (problems.Count > 0) return new() { Problems = problems };
        var faults = new List<Fault>();
        return StrictJson.Read(bytes.Span, faults) is { } value ? new() { Value = value } : new() { Problems = [.. faults.Select(f => $"The definition cannot be read: {f.Message}")] };
    }
}

internal static class ElsaBytes
{
    public static async Task<(ReadOnlyMemory<byte> Bytes, IReadOnlyList<string> Problems)> ReadAsync(HttpContext http)
    {
        var most = http.RequestServices.GetRequiredService<IOptions<ElsaApiOptions>>().Value.MaxDefinitionBytes;
        using var buffer = new MemoryStream();
        var chunk = new byte[64 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(chunk, http.RequestAborted)) > 0)
        {
            if (buffer.Length + read > most) return (default, [$"More than {most / 1_000_000.0:0.#} MB are not read."]);
            buffer.Write(chunk, 0, read);
        }

        return (buffer.GetBuffer().AsMemory(0, (int)buffer.Length), []);
    }
}
