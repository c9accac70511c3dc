using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Host.Tests.Http;

/// <summary>What every noun takes and refuses alike. Which nouns and members there are is read from the API's description: what comes is tried too, or is missed here.</summary>
public sealed class DescribedInputTests(TwoWorkspaces host) : IClassFixture<TwoWorkspaces>
{
    /// <summary>The least a new one needs, and the member that names it.</summary>
    private static readonly Dictionary<string, (string Body, string Name, int Longest)> Nouns = new()
    {
        ["records"] = ("""{ "type": "opportunity" }""", "name", 200),
        ["teams"] = ("{}", "name", 200),
        ["users"] = ("""{ "roles": [] }""", "name", 200),
        ["api-keys"] = ("""{ "scopes": ["read"] }""", "name", 200),
        ["people"] = ("{}", "name", 200),
        ["organizations"] = ("{}", "name", 200),
        ["leads"] = ("{}", "name", 200),
        ["deals"] = ("{}", "name", 200),
        ["activities"] = ("{}", "subject", 400),
        ["notes"] = ("""{ "about": { "type": "deal", "id": "{deal}" } }""", "body", 20_000),
        ["views"] = ("""{ "recordType": "deal" }""", "name", 200),
        ["custom-fields"] = ("""{ "recordType": "deal", "kind": "text", "key": "f{count}" }""", "title", 200),
    };

    /// <summary>POSTs to a noun's own path that make something else than a noun: processes, flows and their running.</summary>
    private static readonly string[] Others = ["bundles", "flows", "projects", "sign-in", "sign-out", "refresh"];

    private int _count;

    public static TheoryData<string> Paths => [.. Nouns.Keys];

    [Fact]
    public async Task Every_noun_that_can_be_made_is_tried_here() =>
        (await host.InputsAsync()).Where(o => o.Method == "POST" && !o.Path.Contains('/', StringComparison.Ordinal)).Select(o => o.Path).Except(Others).Order().ShouldBe(Nouns.Keys.Order());

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Name_of_any_script_is_kept_and_one_of_5000_characters_refused_unless_it_is_a_text(string path)
    {
        var (_, name, longest) = Nouns[path];
        foreach (var text in new[] { "\u05e9\u05dc\u05d5\u05dd \u202b\u05e2\u05d5\u05dc\u05dd\u202c", "\ud83d\udc69\u200d\ud83d\udc67 S\u00f6hne", new string('a', longest) })
        {
            var made = await MakeAsync(path, text);
            made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
            (made.Json[name] ?? made["details"][name])!.GetValue<string>().ShouldBe(text);
        }

        var before = await host.RowsAsync();
        foreach (var text in new[] { "", new string('a', longest + 1), new string('\u05d0', Math.Max(5000, longest + 1)), "a\0b" })
        {
            (await MakeAsync(path, text)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldHaveSingleItem().ShouldStartWith($"/{name} ");
        }

        (await host.RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Member_the_server_owns_is_refused_in_every_body()
    {
        var tried = 0;
        var before = await host.RowsAsync();
        foreach (var operation in (await host.InputsAsync()).Where(IsOfNoun))
        {
            foreach (var member in operation.Answered.Append("workspaceId").Except(operation.Members))
            {
                var body = operation.Method == "POST" ? Body(operation.Path, "Acme") : new JsonObject { ["version"] = 1 };
                body[member] = "2026-01-01T00:00:00Z";

                var answer = await (operation.Noun == "view" ? host.Maker : host.Somebody).SendAsync(new(operation.Method), operation.At(host.Ours.GetValueOrDefault(operation.Noun, "")), Api.Json(body.ToJsonString()));

                answer.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([$"/{member} additional-property"], operation.Name);
                tried++;
            }
        }

        tried.ShouldBeGreaterThan(150);
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Change_of_a_version_that_is_not_the_present_one_is_refused_by_every_noun()
    {
        string[] unversioned = ["DELETE api-keys/{id}"]; // to revoke is to revoke
        var before = await host.RowsAsync();
        foreach (var operation in (await host.InputsAsync()).Where(o => o.Path.EndsWith("/{id}", StringComparison.Ordinal) && o.Method is "PATCH" or "DELETE").Where(o => !unversioned.Contains(o.Name)))
        {
            var stale = await SendAsync(operation, ("If-Match", "\"99\""));
            var unsaid = await SendAsync(operation);

            stale.ShouldBeProblem(HttpStatusCode.Conflict, "stale-version")["currentVersion"].GetValue<int>().ShouldBe(1, operation.Name);
            unsaid.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/version required"], operation.Name);
        }

        (await host.RowsAsync()).ShouldBe(before);
    }

    private static bool IsOfNoun(Input operation) =>
        (operation.Method == "POST" && Nouns.ContainsKey(operation.Path)) || (operation.Method == "PATCH" && Nouns.ContainsKey(operation.Path.Replace("/{id}", "")));

    // A view is its owner's to change.
    private Task<Answer> SendAsync(Input operation, params (string, string)[] headers) =>
        (operation.Noun == "view" ? host.Maker : host.Somebody).SendAsync(new(operation.Method), operation.At(host.Ours[operation.Noun]), operation.Method == "PATCH" ? Api.Json("{}") : null, headers);

    private Task<Answer> MakeAsync(string path, string name) => host.Somebody.PostAsync($"/api/v1/{path}", Api.Json(Body(path, name).ToJsonString()));

    private JsonObject Body(string path, string name)
    {
        var (body, member, _) = Nouns[path];
        var json = JsonNode.Parse(body.Replace("{deal}", host.Ours["deal"]).Replace("{count}", $"{++_count}"))!.AsObject();
        json[member] = name;
        return json;
    }
}
