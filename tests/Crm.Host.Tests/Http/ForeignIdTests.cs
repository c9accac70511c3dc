using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Host.Tests.Http;

/// <summary>
/// An id of another workspace, wherever the API takes one, does what an id does that nobody has. Where it takes one is read from its description: what comes is
/// asked too, or is missed here.
/// </summary>
public sealed class ForeignIdTests(TwoWorkspaces host) : IClassFixture<TwoWorkspaces>
{
    /// <summary>A body that lacks nothing but the id, for every operation that takes one in its body.</summary>
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["POST records"] = """{ "type": "opportunity", "name": "Acme" }""",
        ["PATCH records/{id}"] = """{ "version": 1 }""",
        ["POST events/parked/retries"] = "{}",
        ["POST decisions/{key}/evaluate"] = "{}",
        ["POST dead-letters/bulk-discard"] = "{}",
        ["POST dead-letters/bulk-replay"] = "{}",
        ["POST teams"] = """{ "name": "Acme" }""",
        ["PATCH teams/{id}"] = """{ "version": 1 }""",
        ["POST api-keys"] = """{ "name": "Acme", "scopes": ["read"] }""",
        ["POST people"] = """{ "name": "Acme" }""",
        ["POST people/bulk-read"] = "{}",
        ["PATCH people/{id}"] = """{ "version": 1 }""",
        ["POST people/{id}/assign"] = """{ "version": 1 }""",
        ["POST organizations"] = """{ "name": "Acme" }""",
        ["POST organizations/bulk-read"] = "{}",
        ["PATCH organizations/{id}"] = """{ "version": 1 }""",
        ["POST organizations/{id}/assign"] = """{ "version": 1 }""",
        ["POST leads"] = """{ "name": "Acme" }""",
        ["POST leads/bulk-read"] = "{}",
        ["PATCH leads/{id}"] = """{ "version": 1 }""",
        ["POST leads/{id}/assign"] = """{ "version": 1 }""",
        ["POST deals"] = """{ "name": "Acme" }""",
        ["POST deals/bulk-read"] = "{}",
        ["PATCH deals/{id}"] = """{ "version": 1 }""",
        ["POST deals/{id}/assign"] = """{ "version": 1 }""",
        ["POST activities"] = """{ "subject": "Acme" }""",
        ["POST activities/bulk-read"] = "{}",
        ["PATCH activities/{id}"] = """{ "version": 1 }""",
        ["POST notes"] = """{ "body": "Acme" }""",
        ["PATCH notes/{id}"] = """{ "version": 1 }""",
    };

    /// <summary>
    /// Those that have a test of their own: signing in names its workspace beside address and password (SignInTests), a conversion needs a lead that has come so far
    /// (ConversionRefusalTests).
    /// </summary>
    private static readonly string[] Elsewhere = ["POST sign-in", "POST leads/{id}/conversion"];

    /// <summary>Commands that are answered with what they found, which is nothing.</summary>
    private static readonly string[] Finding = ["bulk-read", "bulk-discard", "bulk-replay", "retries"];

    [Fact]
    public async Task Filter_by_it_finds_what_an_id_nobody_has_would()
    {
        var filters = (await host.InputsAsync()).Where(o => o.Method == "GET").SelectMany(o => o.IdFilters.Select(filter => (o.Path, Filter: filter))).ToList();
        filters.Count.ShouldBeGreaterThan(100);
        foreach (var (path, filter) in filters.Concat([("deals", "custom.buyer"), ("deals", "custom.buyer.ne")]))
        {
            var at = $"/api/v1/{path.Replace("{step}", "qualification")}?{(path.StartsWith("records/board", StringComparison.Ordinal) ? "type=opportunity&" : "")}{filter}=";
            var nobodys = Guid.CreateVersion7().ToString();
            var expected = Without(await host.Somebody.GetAsync(at + nobodys), nobodys);
            foreach (var (what, id) in host.Theirs)
            {
                var theirs = await host.Somebody.GetAsync(at + id);

                theirs.Status.ShouldBe(HttpStatusCode.OK, theirs.Text);
                theirs.Text.ShouldNotContain(TwoWorkspaces.TheirName);
                // Lists by id go on after it, whatever it is the id of.
                if (filter != "after") Without(theirs, id).ShouldBe(expected, $"{at} {what}");
            }
        }
    }

    [Theory]
    [InlineData("projects?subjectType=deal&subjectId=", "deal")]
    [InlineData("events?subject=deal/", "deal")]
    [InlineData("events?subject=lead/", "lead")]
    public async Task Text_that_holds_it_finds_nothing(string path, string what)
    {
        (await host.Somebody.GetAsync($"/api/v1/{path}{host.Ours[what]}")).Items.ShouldNotBeEmpty();
        (await host.Somebody.GetAsync($"/api/v1/{path}{host.Theirs[what]}")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_body_that_takes_an_id_is_tried_here() =>
        (await host.InputsAsync()).Where(o => o.IdMembers.Count > 0).Select(o => o.Name).Except(Elsewhere).Order().ShouldBe(Bodies.Keys.Order());

    [Fact]
    public async Task Body_that_holds_it_is_refused_like_one_with_an_id_nobody_has()
    {
        var before = await host.RowsAsync();
        foreach (var operation in (await host.InputsAsync()).Where(o => Bodies.ContainsKey(o.Name)))
        {
            foreach (var member in operation.IdMembers)
            {
                foreach (var (what, id) in host.Theirs) await TryAsync(operation, member, what, id);
            }
        }

        (await host.RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Path_that_holds_it_leads_nowhere()
    {
        var operations = (await host.InputsAsync()).Where(o => o.Path.Contains("{id}") || o.Path.Contains("{run}") || o.Path.Contains("{task}")).ToList();
        operations.Count.ShouldBeGreaterThan(40);
        var before = await host.RowsAsync();
        foreach (var operation in operations)
        {
            foreach (var (what, id) in host.Theirs)
            {
                var nobodys = Guid.CreateVersion7().ToString();
                var theirs = await AskAsync(operation, id);

                theirs.Status.ShouldBe(HttpStatusCode.NotFound, $"{operation.Name} {what}: {theirs.Text}");
                Without(theirs, id).ShouldBe(Without(await AskAsync(operation, nobodys), nobodys), $"{operation.Name} {what}");
            }
        }

        (await host.RowsAsync()).ShouldBe(before);
    }

    private async Task TryAsync(Input operation, string member, string what, string id)
    {
        var nobodys = Guid.CreateVersion7().ToString();
        foreach (var type in member == "/about/id" ? new[] { "deal", "lead", "person", "organization", "record" } : [""])
        {
            var theirs = await SendAsync(id);
            var said = $"{operation.Name} {member} {what}: {theirs.Text}";

            if (Finding.Any(operation.Path.EndsWith)) theirs.Status.ShouldBe(HttpStatusCode.OK, said);
            else if (operation.Path.EndsWith("/evaluate", StringComparison.Ordinal)) theirs.ShouldBeProblem(HttpStatusCode.NotFound, "not-found"); // of a project that is named
            else theirs.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.Single().ShouldStartWith(member, Case.Sensitive, said);
            theirs.Text.ShouldNotContain(TwoWorkspaces.TheirName);
            Without(theirs, id).ShouldBe(Without(await SendAsync(nobodys), nobodys), said);

            Task<Answer> SendAsync(string tried) =>
                host.Somebody.SendAsync(new(operation.Method), operation.At(host.Ours.GetValueOrDefault(operation.Noun) ?? ""), Api.Json(Body(Bodies[operation.Name], member, tried, type)));
        }
    }

    private Task<Answer> AskAsync(Input operation, string id)
    {
        var body = operation.Path.Split('/')[^1] switch
        {
            _ when operation.Method is "GET" or "DELETE" => null,
            "{id}" when operation.Noun == "approval" => """{ "approve": true }""",
            "rerun" => """{ "activity": "anywhere" }""",
            "moves" => """{ "transition": "contact", "version": 1 }""",
            "assign" => $$"""{ "ownerId": "{{host.Ours["user"]}}", "version": 1 }""",
            "password" => """{ "password": "a long enough pass phrase" }""",
            _ when operation.Method == "PATCH" => """{ "version": 1 }""",
            _ => "{}",
        };
        return host.Somebody.SendAsync(new(operation.Method), operation.At(id), body is null ? null : Api.Json(body), operation.Method == "DELETE" ? [("If-Match", "\"1\"")] : []);
    }

    private static string Body(string body, string member, string id, string about)
    {
        var json = JsonNode.Parse(body)!.AsObject();
        if (member == "/about/id") json["about"] = new JsonObject { ["type"] = about, ["id"] = id };
        else if (member.EndsWith("/0", StringComparison.Ordinal)) json[member[1..^2]] = new JsonArray(id);
        else json[member[1..]] = id;
        return json.ToJsonString();
    }

    private static string Without(Answer answer, string id) => (answer.Status, answer.ETag) + (answer.Text.StartsWith('[') ? answer.Text : answer.WithoutTrace).Replace(id, "<id>");
}
