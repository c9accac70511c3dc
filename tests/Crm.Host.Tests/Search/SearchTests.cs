using System.Net;
using System.Text.Json.Nodes;
using Crm.Testing;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Tests.Search;

/// <summary>Finding anything by name and text.</summary>
public sealed class SearchTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Everything_with_a_name_or_a_text_is_found()
    {
        foreach (var type in new[] { "deal", "lead", "person", "organization", "record" }) await host.SomethingAsync(type, name: $"Zeppelin {type}");
        var deal = (await host.Rep.DealAsync(new { name = "Airship" }))["id"];
        await host.Rep.PostAsync("/api/v1/activities", new { subject = "Ring Zeppelin", kind = "call", about = new { type = "deal", id = deal } });
        await host.Rep.PostAsync("/api/v1/notes", new { body = "They want it in green. Said the man from Zeppelin yesterday.", about = new { type = "deal", id = deal } });

        var found = await FindAsync("zeppelin");

        found.Select(Type).ShouldBe(["deal", "lead", "organization", "person", "record", "activity", "note"], ignoreOrder: true);
        var (activity, note, record) = (found.Single(f => Type(f) == "activity"), found.Single(f => Type(f) == "note"), found.Single(f => Type(f) == "record"));
        (activity["title"]!.GetValue<string>(), activity["kind"]!.GetValue<string>(), activity["about"]!["name"]!.GetValue<string>()).ShouldBe(("Ring Zeppelin", "call", "Airship"));
        note["title"].ShouldBeNull();
        note["excerpt"]!.GetValue<string>().ShouldContain("Zeppelin");
        note["about"]!["id"]!.GetValue<string>().ShouldBe(deal.GetValue<string>());
        record["kind"]!.GetValue<string>().ShouldBe("opportunity");
        (await FindAsync("zeppelin&types=lead,note")).Select(Type).ShouldBe(["lead", "note"], ignoreOrder: true);
        (await FindAsync("zeppelin&limit=2")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Equal_names_come_first_then_those_that_begin_so_then_those_alike_then_words_of_texts()
    {
        var note = await host.SomethingAsync("person", name: "Unrelated");
        await host.Rep.PostAsync("/api/v1/notes", new { body = "Talked of Quagmire", about = new { type = "person", id = note } });
        foreach (var name in new[] { "Old Quagmire", "Quagmire Ltd", "Quagmire" }) await host.SomethingAsync("organization", name: name);
        await host.SomethingAsync("organization", name: "Quagga");

        var found = await FindAsync("quagmire");

        found.Select(f => f["title"]?.GetValue<string>()).ShouldBe(["Quagmire", "Quagmire Ltd", "Old Quagmire", null, "Quagga"]);
    }

    [Theory]
    [InlineData("Micorsoft", "Microsoft")]
    [InlineData("microsft", "Microsoft")]
    [InlineData("Jonson", "Johnson")]
    [InlineData("johnsson", "Johnson")]
    [InlineData("acem", "Acme Rockets")]
    [InlineData("rokets acme", "Acme Rockets")]
    [InlineData("acme rock", "Acme Rockets")]
    [InlineData("rockets", "Acme Rockets")]
    [InlineData("muller", "Müller & Söhne")]
    [InlineData("MÜLLER", "Müller & Söhne")]
    [InlineData("mu\u0308ller", "Müller & Söhne")]
    [InlineData("müller söhne", "Müller & Söhne")]
    [InlineData("أكمي", "شركة أكمي للتجارة")]
    [InlineData("שלום", "שלום בע\"מ")]
    [InlineData("東京", "東京電力")]
    [InlineData("🚀", "🚀 Launch")]
    [InlineData("lau", "🚀 Launch")]
    [InlineData("o'br", "O'Brien \"The\" 100% \\ Co_")]
    [InlineData("100% \\ co_", "O'Brien \"The\" 100% \\ Co_")]
    public async Task Name_is_found_as_people_type_it(string query, string name)
    {
        await NamesAsync();

        (await FindAsync(Uri.EscapeDataString(query))).Select(f => f["title"]!.GetValue<string>()).First().ShouldBe(name);
    }

    [Theory]
    [InlineData("!!! ... ???")]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("'")]
    [InlineData("\"")]
    [InlineData("\\")]
    [InlineData("' or 1=1; drop table crm.deal; --")]
    [InlineData("a & | ! <-> (b:*")]
    [InlineData("x:*")]
    [InlineData("\u0000")]
    [InlineData("a\u0000b")]
    [InlineData("\u202e\u200f")]
    [InlineData("👩‍👩‍👧‍👦")]
    [InlineData("   ")]
    [InlineData("")]
    [InlineData("zzzzqqqqxxxx")]
    public async Task Whatever_is_typed_is_answered(string query)
    {
        await NamesAsync();

        (await host.Rep.GetAsync($"/api/v1/search?q={Uri.EscapeDataString(query)}")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Of_a_long_query_the_beginning_counts()
    {
        var name = new string('w', 200);
        await host.SomethingAsync("organization", name: name);

        (await FindAsync(new string('w', 5_000))).Single()["title"]!.GetValue<string>().ShouldBe(name);
        (await host.Rep.GetAsync($"/api/v1/search?q={Uri.EscapeDataString(string.Concat(Enumerable.Repeat("😀", 500)))}")).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Rep.GetAsync($"/api/v1/search?q={Uri.EscapeDataString(string.Join(' ', Enumerable.Range(0, 1_000)))}")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Texts_beside_the_name_are_found_whole_and_in_parts()
    {
        await host.FieldAsync("deal", "codename", "text");
        var deal = await host.Rep.DealAsync(new { name = "Nothing to see", custom = new { codename = "Operation Xylophone" } });
        var record = await host.Rep.RecordAsync(new { note = "Yttrium mine" }, "Plain");
        var mailed = await host.SomethingAsync("organization", name: "Mailed");
        await host.ChangeAsync(host.Workspace, db => db.Organizations.Where(o => o.Id == mailed)
            .ExecuteUpdate(set => set.SetProperty(o => o.Email, "ada.lovelace@vulcanite.test").SetProperty(o => o.City, "Ouagadougou")));

        (await FindAsync("xylophone")).Select(Id).ShouldBe([deal["id"].GetValue<string>()]);
        (await FindAsync("xylo")).Select(Id).ShouldBe([deal["id"].GetValue<string>()]);
        (await FindAsync("yttrium")).Select(Id).ShouldBe([record]);
        foreach (var query in new[] { "ada.lovelace@vulcanite.test", "lovelace", "vulcanite", "ouagadougou", "ouaga" }) (await FindAsync(query)).Select(f => f["title"]!.GetValue<string>()).ShouldBe(["Mailed"], query);
    }

    [Fact]
    public async Task What_is_deleted_is_not_found_until_it_is_restored_and_a_new_name_replaces_the_old()
    {
        var deal = await host.Rep.DealAsync(new { name = "Ptarmigan" });
        var path = $"/api/v1/deals/{deal["id"]}";
        var note = await host.Rep.PostAsync("/api/v1/notes", new { body = "Wolverine", about = new { type = "deal", id = deal["id"] } });

        await host.Rep.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"1\""));
        (await FindAsync("ptarmigan")).ShouldBeEmpty();
        (await FindAsync("wolverine")).Single()["about"]!["name"].ShouldBeNull();
        await host.Rep.PostAsync($"{path}/restore", "");
        (await FindAsync("ptarmigan")).Count.ShouldBe(1);
        await host.Rep.PatchAsync(path, new { name = "Capercaillie" }, ("If-Match", "\"3\""));
        (await FindAsync("ptarmigan")).ShouldBeEmpty();
        (await FindAsync("capercaillie")).Count.ShouldBe(1);
        await host.Rep.SendAsync(HttpMethod.Delete, $"/api/v1/notes/{note["id"]}", null, ("If-Match", "\"1\""));
        (await FindAsync("wolverine")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_workspace_is_never_found_in()
    {
        foreach (var type in new[] { "deal", "lead", "person", "organization", "record" }) await host.SomethingAsync(type, host.OtherWorkspace, "Kumquat");
        await host.SomethingAsync("deal", name: "Kumquat tree");

        (await FindAsync("kumquat")).Select(f => f["title"]!.GetValue<string>()).ShouldBe(["Kumquat tree"]);
        (await host.Stranger.GetAsync("/api/v1/search?q=kumquat")).Items.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_search_is_one_statement_however_much_it_finds()
    {
        for (var i = 0; i < 5; i++) await host.Rep.PostAsync("/api/v1/activities", new { subject = "Narwhal", about = new { type = "deal", id = (await host.Rep.DealAsync())["id"] } });
        using var sent = new SentStatements(host.Application);

        (await FindAsync("narwhal")).Count.ShouldBe(5);

        sent.Texts.Count(t => t.Contains("crm.", StringComparison.Ordinal)).ShouldBe(1, string.Join("\n\n", sent.Texts));
    }

    [Theory]
    [InlineData("", "?q required")]
    [InlineData("?q=a&types=deal,invoice", "?types parameter")]
    [InlineData("?q=a&types=", "?types parameter")]
    [InlineData("?q=a&limit=0", "?limit limit")]
    [InlineData("?q=a&limit=51", "?limit limit")]
    public async Task What_cannot_be_asked_is_a_fault(string query, string fault) =>
        (await host.Rep.GetAsync($"/api/v1/search{query}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);

    private async Task<IReadOnlyList<JsonNode>> FindAsync(string query)
    {
        var answer = await host.Rep.GetAsync($"/api/v1/search?q={query}");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer.Items;
    }

    private async Task NamesAsync()
    {
        if ((await FindAsync("microsoft")).Count > 0) return;
        foreach (var name in new[] { "Microsoft", "Johnson", "Acme Rockets", "Müller & Söhne", "شركة أكمي للتجارة", "שלום בע\"מ", "東京電力", "🚀 Launch", "O'Brien \"The\" 100% \\ Co_", "Millet", "Jackson" })
        {
            await host.SomethingAsync("organization", name: name);
        }
    }

    private static string Type(JsonNode found) => found["type"]!.GetValue<string>();

    private static string Id(JsonNode found) => found["id"]!.GetValue<string>();
}
