using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crm.Wfm.Http;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Answers as Elsa's server writes them: camelCase, enums as text, the keys of dictionaries as they are; whatever the host's own API looks like.</summary>
internal static class ElsaAnswer
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, MaxDepth = 4 * StrictJson.MaxDepth };

    public static IResult Ok<T>(T value) => TypedResults.Json(value, Json);

    public static IResult Ok(Value value) => TypedResults.Text(CanonicalJson.Text(value), "application/json", Encoding.UTF8);

    /// <summary>Answers a list that has no pages.</summary>
    public static IResult List<T>(IReadOnlyList<T> items) => Ok(new ElsaList<T>(items, items.Count));

    public static IResult NotFound(string what) => Problems.NotFound(what);

    /// <summary>Refuses with reasons that Studio shows one by one, and stays open.</summary>
    public static ProblemHttpResult Refused(params IReadOnlyList<string> reasons) => TypedResults.Problem(statusCode: StatusCodes.Status400BadRequest, type: Problems.Urn + "invalid",
        title: "One or more validation errors occurred.", extensions: new Dictionary<string, object?> { ["errors"] = new Dictionary<string, IReadOnlyList<string>> { ["generalErrors"] = reasons } });
}

internal sealed record ElsaList<T>(IReadOnlyList<T> Items, int Count);

internal sealed record ElsaPage<T>(IReadOnlyList<T> Items, long TotalCount)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ElsaLink>? Links { get; init; }
}

/// <summary>Something whoever asked may do: Studio offers it only then.</summary>
internal sealed record ElsaLink(string Href, string Rel, string Method)
{
    public static ElsaLink Get(string href, string rel) => new(href, rel, "GET");

    public static ElsaLink Post(string href, string rel) => new(href, rel, "POST");

    public static ElsaLink Delete(string href, string rel) => new(href, rel, "DELETE");
}
