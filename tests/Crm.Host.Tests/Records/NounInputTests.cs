using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Host.Tests.Records;

/// <summary>What people, organizations, leads and deals take, and what they refuse with its place.</summary>
public sealed class NounInputTests(CrmHost host) : IClassFixture<CrmHost>
{
    public static TheoryData<string> Nouns => Noun.Names;

    public static TheoryData<string, string, string> Links
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var noun in Noun.All)
            {
                foreach (var (member, to) in noun.Links) data.Add(noun.Name, member, to);
            }

            return data;
        }
    }

    public static TheoryData<string, string> ServerOwned
    {
        get
        {
            string[] all = ["id", "workspaceId", "createdAt", "createdBy", "updatedAt", "updatedBy", "deletedAt", "previousOwnerId", "ownerName"];
            string[] governed = ["projectId", "step", "stepEnteredAt", "probability", "projectVersion"];
            var data = new TheoryData<string, string>();
            foreach (var (noun, own) in new[]
            {
                ("person", (string[])["organizationName"]), ("organization", []), ("lead", [.. governed, "qualifiedAt", "disqualifiedReason", "convertedAt", "convertedDealId", "convertedPersonId", "convertedOrganizationId"]),
                ("deal", [.. governed, "leadId", "closedAt", "lostReason", "personName", "organizationName"]),
            })
            {
                foreach (var member in all.Concat(own)) data.Add(noun, member);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task Names_of_every_script_are_kept_to_the_byte(string name)
    {
        var noun = Noun.Of(name);
        foreach (var text in new[] { "שלום עולם", "مرحبا ‏بالعالم", "👩‍👩‍👧‍👦 Family & Söhne", "e\u0301 is not é", " spaces  kept ", "line\nbreak", "<b>\"quoted\"</b> \\ '; drop table crm.person; --", new string('長', 199) })
        {
            var made = await noun.CreateAsync(host.Rep, new { name = text });

            made["name"].GetValue<string>().ShouldBe(text);
            (await host.Rep.GetAsync(noun.At(made)))["name"].GetValue<string>().ShouldBe(text);
            var patched = await host.Rep.PatchAsync(noun.At(made), new { name = text + "!", version = 1 });
            patched["name"].GetValue<string>().ShouldBe(text + "!");
        }
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task Name_that_is_too_long_or_none_is_refused(string name)
    {
        var noun = Noun.Of(name);
        var made = await noun.CreateAsync(host.Rep);
        var before = await host.RowsAsync();

        foreach (var (body, fault) in new (string Body, string Fault)[]
        {
            (new JsonObject { ["name"] = new string('a', 5000) }.ToJsonString(), "/name invalid"), (new JsonObject { ["name"] = new string('a', 201) }.ToJsonString(), "/name invalid"),
            ("""{ "name": "" }""", "/name invalid"), ("""{ "name": 7 }""", "/name body"), ("{}", "/name required"), ("""{ "name": "a\u0000b" }""", "/name nul-character"),
        })
        {
            (await host.Rep.PostAsync(noun.Path, body)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);
            if (body == "{}") continue;
            (await host.Rep.PatchAsync(noun.At(made), body, ("If-Match", "\"1\""))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);
        }

        (await host.Rep.PatchAsync(noun.At(made), """{ "name": null, "version": 1 }""")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/name required"]);
        (await host.RowsAsync()).ShouldBe(before);
        (await host.Rep.GetAsync(noun.At(made))).Text.ShouldBe(made.Text);
    }

    [Theory]
    [MemberData(nameof(ServerOwned))]
    public async Task Field_the_server_owns_is_refused(string name, string member)
    {
        var noun = Noun.Of(name);
        var made = await noun.CreateAsync(host.Rep);
        var before = await host.RowsAsync();

        (await host.Rep.PostAsync(noun.Path, Noun.Body(member, null))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([$"/{member} additional-property"]);
        (await host.Rep.PostAsync(noun.Path, Noun.Body(member, made.Json[member]?.DeepClone() ?? "x"))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([$"/{member} additional-property"]);
        (await host.Rep.PatchAsync(noun.At(made), Noun.Body(member, "x"), ("If-Match", "\"1\""))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([$"/{member} additional-property"]);
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task Custom_fields_that_are_no_object_are_refused(string name)
    {
        var noun = Noun.Of(name);
        await host.HaveFieldAsync(name, "colour");
        var made = await noun.CreateAsync(host.Rep, new { name = "Acme", custom = new { colour = "red" } });
        var before = await host.RowsAsync();

        foreach (var custom in new[] { "7", "[]", "\"red\"", "true", """[{ "colour": "red" }]""" })
        {
            var body = $$"""{ "name": "Acme", "custom": {{custom}} }""";
            (await host.Rep.PostAsync(noun.Path, body)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/custom body"]);
            (await host.Rep.PatchAsync(noun.At(made), body, ("If-Match", "\"1\""))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/custom body"]);
        }

        (await host.RowsAsync()).ShouldBe(before);
        (await host.Rep.PatchAsync(noun.At(made), """{ "custom": null, "version": 1 }"""))["custom"].ToJsonString().ShouldBe("{}");
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task Owner_is_a_user_of_the_same_workspace(string name)
    {
        var noun = Noun.Of(name);
        var made = await noun.CreateAsync(host.Rep);
        var stranger = (await noun.CreateAsync(host.Stranger))["ownerId"].GetValue<Guid>();
        var before = await host.RowsAsync();

        foreach (var answer in new[]
        {
            await host.Rep.PostAsync(noun.Path, new { name = "Acme", ownerId = stranger }),
            await host.Rep.PatchAsync(noun.At(made), new { ownerId = stranger, version = 1 }),
            await host.Rep.PostAsync($"{noun.At(made)}/assign", new { ownerId = stranger, version = 1 }),
            await host.Rep.PostAsync($"{noun.At(made)}/assign", new { ownerId = Guid.CreateVersion7(), version = 1 }),
        })
        {
            answer.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/ownerId not-found"]);
        }

        (await host.Rep.PostAsync($"{noun.At(made)}/assign", """{ "ownerId": null, "version": 1 }""")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.Single().ShouldStartWith("/ownerId ");
        (await host.Rep.PostAsync($"{noun.At(made)}/assign", """{ "version": 1 }""")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/ownerId required"]);
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(Links))]
    public async Task Link_leads_to_a_record_of_the_same_workspace(string name, string member, string to)
    {
        var noun = Noun.Of(name);
        var (mine, theirs) = (await host.SomethingAsync(to), await host.SomethingAsync(to, host.OtherWorkspace));
        var made = await noun.CreateAsync(host.Rep, new JsonObject { ["name"] = "Acme", [member] = mine });
        var before = await host.RowsAsync();

        made[member.Replace("Id", "Name")].GetValue<string>().ShouldBe("Something");
        foreach (var wrong in new[] { theirs, Guid.CreateVersion7() })
        {
            (await host.Rep.PostAsync(noun.Path, Noun.Body(member, wrong))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([$"/{member} not-found"]);
            (await host.Rep.PatchAsync(noun.At(made), Noun.Body(member, wrong), ("If-Match", "\"1\""))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([$"/{member} not-found"]);
        }

        (await host.Rep.PostAsync(noun.Path, Noun.Body(member, "nobody"))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([$"/{member} body"]);
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(Links))]
    public async Task Name_of_a_deleted_record_is_not_shown_and_the_link_stays(string name, string member, string to)
    {
        var (noun, target) = (Noun.Of(name), await Noun.Of(to).CreateAsync(host.Rep));
        var made = await noun.CreateAsync(host.Rep, new JsonObject { ["name"] = "Acme", [member] = target["id"].DeepClone() });
        await host.Rep.SendAsync(HttpMethod.Delete, Noun.Of(to).At(target), null, ("If-Match", "\"1\""));

        var read = await host.Rep.GetAsync(noun.At(made));

        read[member].ToJsonString().ShouldBe(target["id"].ToJsonString());
        read.Json[member.Replace("Id", "Name")].ShouldBeNull();
        (await host.Rep.PatchAsync(noun.At(made), new { name = "Still here", version = 1 })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task Record_of_another_workspace_is_answered_like_one_that_does_not_exist(string name)
    {
        var noun = Noun.Of(name);
        var theirs = await noun.CreateAsync(host.Rep);
        var before = await host.RowsAsync();
        foreach (var (method, path, body) in new (HttpMethod, string, string?)[]
        {
            (HttpMethod.Get, "", null), (HttpMethod.Patch, "", """{ "name": "Mine", "version": 1 }"""), (HttpMethod.Delete, "", null),
            (HttpMethod.Post, "/assign", $$"""{ "ownerId": {{theirs["ownerId"].ToJsonString()}}, "version": 1 }"""), (HttpMethod.Post, "/restore", null),
        })
        {
            var asked = await AskAsync(theirs["id"].GetValue<string>());
            asked.ShouldBeProblem(HttpStatusCode.NotFound, "not-found").WithoutTrace.ShouldBe((await AskAsync(Guid.Empty.ToString())).WithoutTrace);
            asked.ETag.ShouldBeNull();

            Task<Http.Answer> AskAsync(string id) => host.Stranger.SendAsync(method, $"{noun.Path}/{id}{path}", body is null ? null : Http.Api.Json(body), method == HttpMethod.Delete ? [("If-Match", "\"1\"")] : []);
        }

        (await host.RowsAsync()).ShouldBe(before);
    }
}
