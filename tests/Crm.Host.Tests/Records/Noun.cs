using System.Net;
using System.Text.Json.Nodes;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Records;

/// <summary>A noun of the CRM that somebody is responsible for.</summary>
/// <param name="Name">What its events and faults call it.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Links">The members that point to other records, each with the noun it points to.</param>
internal sealed record Noun(string Name, string Path, IReadOnlyList<(string Member, string To)> Links)
{
    public static IReadOnlyList<Noun> All { get; } =
    [
        new("person", "/api/v1/people", [("organizationId", "organization")]),
        new("organization", "/api/v1/organizations", []),
        new("lead", "/api/v1/leads", []),
        new("deal", "/api/v1/deals", [("personId", "person"), ("organizationId", "organization")]),
    ];

    public static TheoryData<string> Names => [.. All.Select(n => n.Name)];

    public static Noun Of(string name) => All.Single(n => n.Name == name);

    /// <summary>Creates one.</summary>
    public async Task<Answer> CreateAsync(Api api, object? fields = null)
    {
        var answer = await api.PostAsync(Path, fields ?? new { name = "Acme" });
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        return answer;
    }

    /// <summary>Says where a record of this noun is.</summary>
    public string At(Answer record) => $"{Path}/{record["id"]}";

    /// <summary>Makes a body of a name and one more member.</summary>
    public static string Body(string member, JsonNode? value) => new JsonObject { ["name"] = "Acme", [member] = value }.ToJsonString();
}
