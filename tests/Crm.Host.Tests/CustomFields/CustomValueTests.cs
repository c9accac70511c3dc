using System.Net;
using System.Text.Json.Nodes;
using Crm.Entities;
using Crm.Entities.Activities;
using Crm.Entities.CustomFields;
using Crm.Entities.Deals;
using Crm.Entities.Leads;
using Crm.Entities.Organizations;
using Crm.Entities.People;
using Crm.Entities.Records;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Host.Tests.CustomFields;

/// <summary>Values of a workspace's own fields: one rule for every path and every kind of record.</summary>
public sealed class CustomValueTests(CrmHost host) : IClassFixture<CrmHost>
{
    private const string Options = """[{ "key": "a", "title": "A" }, { "key": "b", "title": "B" }]""";
    private static readonly string LongestText = string.Concat(Enumerable.Repeat("😀", 500));
    private static readonly string LongestBody = new('ß', 5_000);

    /// <summary>Kind, value as it is sent, value as it is kept; <c>null</c> where it is refused.</summary>
    public static TheoryData<string, string, string?> Values
    {
        get
        {
            var data = new TheoryData<string, string, string?>();
            Add("text", ("\"مرحبا 👋 \\\"x\\\" \\\\ 'y'\"", null), ("\"\"", null), ($"\"{LongestText}\"", null));
            Refuse("text", $"\"{LongestText}x\"", "7", "true", "[]", "{}");
            Add("long-text", ($"\"{LongestBody}\"", null), ("\"one\\ntwo\"", null));
            Refuse("long-text", $"\"{LongestBody}x\"", "7");
            Add("number", ("0", null), ("-1.5", null), ("1e3", "1000"), ("9007199254740991", null), ("0.1", null));
            Refuse("number", "9007199254740992", "1e300", "\"7\"", "true", "[7]");
            Add("boolean", ("true", null), ("false", null));
            Refuse("boolean", "\"true\"", "1");
            Add("date", ("\"2028-02-29\"", null));
            Refuse("date", "\"2027-02-29\"", "\"2027-1-1\"", "\"2027-01-01T00:00:00Z\"", "\"today\"", "20270101", "\"\"");
            Add("date-time", ("\"2027-01-31T09:00:00Z\"", "\"2027-01-31T09:00:00.000Z\""), ("\"2027-01-31T09:00+02:00\"", "\"2027-01-31T07:00:00.000Z\""), ("\"2027-01-31T09:00:00.123456Z\"", "\"2027-01-31T09:00:00.123Z\""));
            Refuse("date-time", "\"2027-01-31T09:00:00\"", "\"2027-01-31\"", "\"2027-02-30T09:00:00Z\"", "\"now\"", "\"2027-01-31T25:00:00Z\"");
            Add("choice", ("\"b\"", null));
            Refuse("choice", "\"c\"", "\"A\"", "[\"a\"]", "7", "\"\"");
            Add("multi-choice", ("[\"b\",\"a\"]", null), ("[]", null));
            Refuse("multi-choice", "[\"a\",\"a\"]", "[\"c\"]", "\"a\"", "[7]", "[null]", "[[\"a\"]]");
            Refuse("user", "\"00000000-0000-7000-8000-0000000000ff\"", "\"ada\"", "7", "\"\"");
            Add("url", ("\"https://acme.test/a?b=1#c\"", null), ("\"HTTP://acme.test\"", null));
            Refuse("url", "\"acme.test\"", "\"javascript:alert(1)\"", "\"https:///\"", "\"https://a b\"", $"\"https://{new string('x', 2_000)}\"");
            Add("email", ("\"ada@acme.test\"", null));
            Refuse("email", "\"ada\"", "\"ada@acme\"", "\"a b@acme.test\"", "\"a@b@acme.test\"", $"\"{new string('x', 320)}@acme.test\"");
            return data;

            void Add(string kind, params (string Sent, string? Kept)[] values) => Array.ForEach(values, v => data.Add(kind, v.Sent, v.Kept ?? v.Sent));
            void Refuse(string kind, params string[] values) => Array.ForEach(values, v => data.Add(kind, v, null));
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Value_is_of_its_fields_kind_or_refused_with_its_place(string kind, string sent, string? kept)
    {
        var key = await KindAsync(kind);
        var body = $$"""{ "name": "Acme", "custom": { "{{key}}": {{sent}} } }""";
        var before = await host.RowsAsync();

        var answer = await host.Rep.PostAsync("/api/v1/deals", body);

        if (kept is null)
        {
            answer.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([$"/custom/{key} custom-field"]);
            (await host.RowsAsync()).ShouldBe(before);
            return;
        }

        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        JsonNode.DeepEquals(answer["custom"], new JsonObject { [key] = JsonNode.Parse(kept) }).ShouldBeTrue(answer.Text);
    }

    [Fact]
    public async Task User_is_one_of_this_workspace()
    {
        var key = await KindAsync("user");
        var mine = await host.UserAsync();
        var theirs = Guid.CreateVersion7();
        await host.ChangeAsync(host.OtherWorkspace, db => db.Users.Add(new() { WorkspaceId = host.OtherWorkspace, Id = theirs, Name = "Theirs", Roles = [], CreatedAt = DateTimeOffset.UnixEpoch, CreatedBy = theirs }));

        var deal = await host.Rep.DealAsync(new { name = "Acme", custom = new Dictionary<string, string> { [key] = mine.ToString().ToUpperInvariant() } });
        var trespass = await host.Rep.PostAsync("/api/v1/deals", new { name = "Acme", custom = new Dictionary<string, Guid> { [key] = theirs } });

        deal["custom"][key]!.GetValue<string>().ShouldBe(mine.ToString());
        trespass.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([$"/custom/{key} custom-field"]);
    }

    [Fact]
    public async Task Every_record_type_has_fields_of_its_own()
    {
        string[] types = ["deal", "lead", "person", "organization", "activity"];
        foreach (var type in types) await OwnFieldsAsync(type, types.Where(t => t != type));
    }

    private async Task OwnFieldsAsync(string type, IEnumerable<string> others)
    {
        await host.FieldAsync(type, $"of{type}", "number", new { title = "T", filterable = true });

        (await SaveAsync(type, $$"""{ "of{{type}}": 7 }""")).ShouldBeNull();
        (await SaveAsync(type, $$"""{ "of{{type}}": "7" }""")).ShouldBe($"/custom/of{type}");
        (await SaveAsync(type, """{ "nothing": 7 }""")).ShouldBe("/custom/nothing");
        (await SaveAsync(type, """{ "a/b~c": 7 }""")).ShouldBe("/custom/a~1b~0c");
        (await SaveAsync(type, "[]")).ShouldBe("/custom");
        foreach (var other in others) (await SaveAsync(other, $$"""{ "of{{type}}": 7 }""")).ShouldBe($"/custom/of{type}");
    }

    [Fact]
    public async Task Patch_merges_values_and_null_takes_one_away()
    {
        var (text, number) = (await KindAsync("text"), await KindAsync("number"));
        var deal = await host.Rep.DealAsync(new { name = "Acme", custom = new JsonObject { [text] = "x", [number] = 1 } });

        var changed = await host.Rep.PatchAsync($"/api/v1/deals/{deal["id"]}", new { custom = new JsonObject { [text] = null, [number] = 2 } }, ("If-Match", "\"1\""));

        changed["custom"].ToJsonString().ShouldBe($$"""{"{{number}}":2}""");
    }

    [Fact]
    public async Task Required_field_is_asked_of_new_records_and_nobody_can_take_it_away()
    {
        var old = await host.Rep.PostAsync("/api/v1/activities", new { subject = "Before there was such a field" });
        await host.FieldAsync("activity", "mood", "text", new { title = "Mood", required = true });

        var without = await host.Rep.PostAsync("/api/v1/activities", new { subject = "Ring Ada" });
        var with = await host.Rep.PostAsync("/api/v1/activities", new { subject = "Ring Ada", custom = new { mood = "good" } });
        var cleared = await host.Rep.PatchAsync($"/api/v1/activities/{with["id"]}", new { custom = new { mood = (string?)null } }, ("If-Match", "\"1\""));
        var untouched = await host.Rep.PatchAsync($"/api/v1/activities/{old["id"]}", new { subject = "Ring Ada" }, ("If-Match", "\"1\""));

        without.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/custom/mood custom-field"]);
        with.Status.ShouldBe(HttpStatusCode.Created, with.Text);
        cleared.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/custom/mood custom-field"]);
        untouched.Status.ShouldBe(HttpStatusCode.OK, untouched.Text);
    }

    [Fact]
    public async Task Value_whose_option_was_taken_away_stays_until_it_is_changed()
    {
        var field = await host.FieldAsync("deal", "size", "choice", new { title = "Size", options = JsonNode.Parse(Options) });
        var deal = $"/api/v1/deals/{(await host.Rep.DealAsync(new { name = "Acme", custom = new { size = "b" } }))["id"]}";
        (await host.Admin.PatchAsync($"/api/v1/custom-fields/{field["id"]}", """{ "options": [{ "key": "a", "title": "A" }] }""", ("If-Match", "\"1\""))).Status.ShouldBe(HttpStatusCode.OK);

        (await host.Rep.PatchAsync(deal, new { name = "Acme Ltd", custom = new { size = "b" } }, ("If-Match", "\"1\"")))["custom"]["size"]!.GetValue<string>().ShouldBe("b");
        (await host.Rep.PatchAsync(deal, new { custom = new { size = "a" } }, ("If-Match", "\"2\""))).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Rep.PatchAsync(deal, new { custom = new { size = "b" } }, ("If-Match", "\"3\""))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task Values_of_filterable_fields_are_kept_where_an_index_finds_them()
    {
        var choice = await host.FieldAsync("deal", "tags", "multi-choice", new { title = "Tags", filterable = true, options = JsonNode.Parse(Options) });
        var date = await host.FieldAsync("deal", "signed", "date", new { title = "Signed" });
        var number = await host.FieldAsync("deal", "seats", "number", new { title = "Seats", filterable = true });
        var deal = await host.Rep.DealAsync(new { name = "Acme", custom = new { tags = new[] { "b", "a" }, signed = "2027-01-31", seats = 40 } });

        (await KeptAsync()).ShouldBe(["40", "a", "b"]);
        var filterable = await host.Admin.PatchAsync($"/api/v1/custom-fields/{date["id"]}", new { filterable = true }, ("If-Match", "\"1\""));
        filterable.Status.ShouldBe(HttpStatusCode.OK, filterable.Text);
        (await KeptAsync()).ShouldBe(["2027-01-31T00:00:00Z", "40", "a", "b"]);
        await host.Rep.PatchAsync($"/api/v1/deals/{deal["id"]}", new { custom = new { tags = new[] { "a" }, seats = (int?)null } }, ("If-Match", "\"1\""));
        (await KeptAsync()).ShouldBe(["2027-01-31T00:00:00Z", "a"]);
        await host.Admin.PatchAsync($"/api/v1/custom-fields/{choice["id"]}", new { filterable = false }, ("If-Match", "\"1\""));
        (await KeptAsync()).ShouldBe(["2027-01-31T00:00:00Z"]);
        (await KeptAsync(host.OtherWorkspace)).ShouldBeEmpty();
        number.ShouldNotBeNull();

        async Task<IReadOnlyList<string>> KeptAsync(Guid? workspace = null)
        {
            IReadOnlyList<CustomValue> values = [];
            var id = deal["id"].GetValue<Guid>();
            await host.ChangeAsync(workspace ?? host.Workspace, db => values = [.. db.CustomValues.Where(v => v.RecordId == id)]);
            return [.. values.Select(v => v.Text ?? v.Number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? $"{v.Time:yyyy-MM-ddTHH:mm:ssZ}").Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Makes a field of a kind once, and tells its key.</summary>
    private async Task<string> KindAsync(string kind)
    {
        var key = "kind" + string.Concat(kind.Split('-').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
        if ((await host.Admin.GetAsync("/api/v1/custom-fields?recordType=deal")).Text.Contains($"\"{key}\"", StringComparison.Ordinal)) return key;
        await host.FieldAsync("deal", key, kind, kind.EndsWith("choice", StringComparison.Ordinal) ? new { title = "T", options = JsonNode.Parse(Options) } : new { title = "T" });
        return key;
    }

    /// <summary>Saves a new record the way every path does, and tells the place of the fault.</summary>
    private async Task<string?> SaveAsync(string type, string custom)
    {
        await using var scope = host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Wfm.CurrentWorkspace>().Id = host.Workspace;
        var db = scope.ServiceProvider.GetRequiredService<CrmDbContext>();
        await using var transaction = await db.Database.BeginWorkspaceAsync(host.Workspace);
        var (ws, id) = (host.Workspace, Guid.CreateVersion7());
        db.Add<CrmRecord>(type switch
        {
            "deal" => new Deal { WorkspaceId = ws, Id = id, Name = "A", Currency = "EUR", Custom = custom },
            "lead" => new Lead { WorkspaceId = ws, Id = id, Name = "A", Currency = "EUR", Custom = custom },
            "person" => new Person { WorkspaceId = ws, Id = id, Name = "A", Custom = custom },
            "organization" => new Organization { WorkspaceId = ws, Id = id, Name = "A", Custom = custom },
            _ => new Activity { WorkspaceId = ws, Id = id, Kind = "task", Subject = "A", Custom = custom },
        });
        var result = await scope.ServiceProvider.GetRequiredService<RecordWriter>().SaveAsync(new(Actor.System), default);
        return (result as SaveResult.Invalid)?.Faults.Single().Pointer;
    }
}
