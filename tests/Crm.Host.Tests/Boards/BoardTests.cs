using System.Net;
using System.Text.Json.Nodes;
using Crm.Host.Tests.Http;
using Crm.Testing;
using Npgsql;

namespace Crm.Host.Tests.Boards;

/// <summary>Records by step: the columns of the process, what is in them, and the first cards.</summary>
public sealed class BoardTests(CrmHost host) : IClassFixture<CrmHost>
{
    private const string Board = "/api/v1/deals/board";

    [Fact]
    public async Task Columns_are_the_workflows_steps_in_its_order_and_in_the_readers_words()
    {
        await host.Rep.DealAsync();

        var english = await host.Rep.GetAsync(Board);
        var german = await host.Rep.GetAsync(Board, ("Accept-Language", "de-AT"));

        Columns(english).Select(c => c["step"]!.GetValue<string>()).ShouldBe(["qualification", "initial-contact", "discovery", "proposal", "negotiation", "closed-won", "closed-lost"]);
        Columns(german).Select(c => c["title"]!.GetValue<string>()).ShouldBe(["Lead-Qualifizierung", "Erstkontakt", "Bedarfsanalyse", "Angebot", "Verhandlung", "Gewonnen", "Verloren"]);
        var proposal = Column(english, "proposal");
        (proposal["color"]!.GetValue<string>(), proposal["category"]!.GetValue<string>(), proposal["probability"]!.GetValue<double>()).ShouldBe(("#ffd54f", "waiting", 0.6));
        (proposal["wipLimit"], Column(english, "negotiation")["wipLimit"]!.GetValue<int>()).ShouldBe((null, 25));
        Columns(english).Where(c => c["isFinal"]!.GetValue<bool>()).Select(c => c["step"]!.GetValue<string>()).ShouldBe(["closed-won", "closed-lost"]);
        Columns(english).ShouldAllBe(c => !c["isFormer"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Counts_and_sums_by_currency_follow_every_change_at_once()
    {
        var before = Sums(await host.Stranger.GetAsync(Board), "qualification");
        before.ShouldBe("0:");

        var first = await host.Stranger.DealAsync(new { name = "A", amount = 10.5 });
        await host.Stranger.DealAsync(new { name = "B", amount = 4, currency = "USD" });
        await host.Stranger.DealAsync(new { name = "C" });
        Sums(await host.Stranger.GetAsync(Board), "qualification").ShouldBe("3: EUR 2 10.5, USD 1 4");

        var path = $"/api/v1/deals/{first["id"]}";
        await host.Stranger.PatchAsync(path, new { currency = "CHF", amount = 8, version = 1 });
        Sums(await host.Stranger.GetAsync(Board), "qualification").ShouldBe("3: CHF 1 8, EUR 1 0, USD 1 4");
        await host.Stranger.PostAsync($"{path}/moves", new { transition = "contact", version = 1 });
        Sums(await host.Stranger.GetAsync(Board), "qualification").ShouldBe("2: EUR 1 0, USD 1 4");
        Sums(await host.Stranger.GetAsync(Board), "initial-contact").ShouldBe("1: CHF 1 8");
        await host.Stranger.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"2\""));
        var gone = await host.Stranger.GetAsync(Board);
        (Sums(gone, "initial-contact"), Cards(gone, "initial-contact").Count).ShouldBe(("0:", 0));
        await host.Stranger.PostAsync($"{path}/restore", new { });
        Sums(await host.Stranger.GetAsync(Board), "initial-contact").ShouldBe("1: CHF 1 8");
    }

    [Fact]
    public async Task Cards_begin_with_the_last_to_come_and_go_on_column_by_column()
    {
        var mine = await host.UserAsync("Cards");
        var ids = new List<string>();
        for (var i = 0; i < 7; i++) ids.Add((await host.Rep.DealAsync(new { name = $"Card {i}", ownerId = mine }))["id"].GetValue<string>());
        foreach (var id in ids.Take(2)) await host.Admin.PostAsync($"/api/v1/deals/{id}/moves", new { transition = "contact", version = 1 });

        var board = await host.Rep.GetAsync($"{Board}?ownerId={mine}&limit=2");

        Cards(board, "qualification").Select(Id).ShouldBe([ids[6], ids[5]]);
        Cards(board, "initial-contact").Select(Id).ShouldBe([ids[1], ids[0]]);
        Column(board, "initial-contact")["cards"]!["next"].ShouldBeNull();
        Cards(board, "discovery").ShouldBeEmpty();
        var (found, next) = (Cards(board, "qualification"), Column(board, "qualification")["cards"]!["next"]?.GetValue<string>());
        while (next is not null)
        {
            var more = await host.Rep.GetAsync($"{Board}/qualification?ownerId={mine}&limit=2&after={next}");
            more.Status.ShouldBe(HttpStatusCode.OK, more.Text);
            found = [.. found, .. more.Items];
            next = more.Json["next"]?.GetValue<string>();
        }

        found.Select(Id).ShouldBe(ids.Skip(2).Reverse());
        JsonNode.DeepEquals(found[0], (await host.Rep.GetAsync($"/api/v1/deals/{ids[6]}")).Json).ShouldBeTrue();
        (await host.Rep.GetAsync($"{Board}/qualification?ownerId={mine}")).Items.Select(Id).ShouldBe(ids.Skip(2).Reverse());
    }

    [Fact]
    public async Task Filters_keep_cards_and_count_what_they_keep()
    {
        var mine = await host.UserAsync("Filters");
        await host.Rep.DealAsync(new { name = "Small", amount = 10, ownerId = mine });
        await host.Rep.DealAsync(new { name = "Large", amount = 1000, ownerId = mine });
        await host.Rep.DealAsync(new { name = "Large", amount = 1000 });

        var board = await host.Rep.GetAsync($"{Board}?ownerId={mine}&amount.gte=100");

        Sums(board, "qualification").ShouldBe("1: EUR 1 1000");
        Cards(board, "qualification").Single()["name"]!.GetValue<string>().ShouldBe("Large");
        Columns(board).Count.ShouldBe(7);
    }

    [Fact]
    public async Task More_than_ten_thousand_that_filters_keep_are_not_counted()
    {
        await using var connection = new NpgsqlConnection(host.Application);
        await connection.OpenAsync();
        await using var insert = new NpgsqlCommand($"""
            begin;
            select set_config('wfm.workspace', '{host.Workspace}', true);
            insert into crm.deal (workspace_id, id, name, amount, currency, step, step_entered_at, version, created_at, created_by, updated_at, updated_by)
            select wfm.workspace(), gen_random_uuid(), 'Many', 1, 'EUR', case when n > 10000 then 'proposal' else 'discovery' end, now() + n * interval '1 ms', 1, now(), wfm.workspace(), now(), wfm.workspace()
            from generate_series(1, 10001) n;
            commit;
            """, connection);
        await insert.ExecuteNonQueryAsync();

        var many = await host.Rep.GetAsync($"{Board}?name=Many&limit=1");
        var few = await host.Rep.GetAsync($"{Board}?name=Many&step=discovery&limit=1");
        var all = await host.Rep.GetAsync($"{Board}?limit=1");

        Columns(many).ShouldAllBe(c => c["count"] == null && c["sums"] == null);
        Cards(many, "proposal").Count.ShouldBe(1);
        Sums(few, "discovery").ShouldBe("10000: EUR 10000 10000");
        Sums(few, "proposal").ShouldBe("0:");
        Column(all, "discovery")["count"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(10_000);
    }

    [Fact]
    public async Task A_board_takes_four_statements_however_many_cards_it_shows()
    {
        foreach (var query in new[] { "?limit=1", "?limit=50" })
        {
            await host.Rep.GetAsync(Board + query);
            using var sent = new SentStatements(host.Application);
            (await host.Rep.GetAsync(Board + query)).Status.ShouldBe(HttpStatusCode.OK);
            // The workspace, the sums, which workflow it is, the cards.
            sent.Texts.Count(t => !t.Contains("fold_step_changes")).ShouldBe(4, string.Join("\n\n", sent.Texts));
        }
    }

    [Theory]
    [InlineData("?limit=51", "?limit limit")]
    [InlineData("?limit=0", "?limit limit")]
    [InlineData("?colour=red", "?colour unknown-parameter")]
    [InlineData("?sort=amount", "?sort unknown-parameter")]
    [InlineData("?after=x", "?after unknown-parameter")]
    [InlineData("?deleted=true", "?deleted unknown-parameter")]
    [InlineData("?ownerId=me", "?ownerId parameter")]
    [InlineData("/qualification?limit=201", "?limit limit")]
    [InlineData("/qualification?after=x", "?after cursor")]
    [InlineData("/qualification?after={proposal}", "?after cursor")]
    [InlineData("/qualification?after={qualification}&amount=1", "?after cursor")]
    public async Task Faulty_parameter_is_named(string query, string fault)
    {
        foreach (var transitions in new[] { Array.Empty<string>(), [], ["contact", "discover", "propose"], ["contact", "discover", "propose"] })
        {
            var deal = await host.Admin.DealAsync(new { name = "Fault", amount = 5, personId = await host.PersonAsync() });
            foreach (var (transition, i) in transitions.Select((t, i) => (t, i)))
            {
                (await host.Admin.PostAsync($"/api/v1/deals/{deal["id"]}/moves", new { transition, version = i + 1 })).Status.ShouldBe(HttpStatusCode.OK);
            }
        }

        var board = await host.Rep.GetAsync($"{Board}?limit=1");
        foreach (var step in new[] { "proposal", "qualification" }) query = query.Replace($"{{{step}}}", Column(board, step)["cards"]!["next"]!.GetValue<string>());

        (await host.Rep.GetAsync(Board + query)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);
    }

    [Fact]
    public async Task Column_of_a_step_nobody_is_in_is_empty() => (await host.Rep.GetAsync($"{Board}/nowhere")).Items.ShouldBeEmpty();

    [Fact]
    public async Task Leads_have_a_board_with_the_sums_of_their_budgets()
    {
        await host.Rep.PostAsync("/api/v1/leads", new { name = "Lead", budget = 500, currency = "GBP" });

        var board = await host.Rep.GetAsync("/api/v1/leads/board");

        var first = Columns(board)[0]["step"]!.GetValue<string>();
        Sums(board, first).ShouldBe("1: GBP 1 500");
        Cards(board, first).Single()["budget"]!.GetValue<decimal>().ShouldBe(500);
        (await host.Rep.GetAsync($"/api/v1/leads/board/{first}")).Items.Count.ShouldBe(1);
    }

    private static IReadOnlyList<JsonNode> Columns(Answer board)
    {
        board.Status.ShouldBe(HttpStatusCode.OK, board.Text);
        return [.. board["columns"].AsArray()!];
    }

    private static JsonNode Column(Answer board, string step) => Columns(board).Single(c => c["step"]!.GetValue<string>() == step);

    private static IReadOnlyList<JsonNode> Cards(Answer board, string step) => [.. Column(board, step)["cards"]!["items"]!.AsArray()!];

    private static string Sums(Answer board, string step)
    {
        var column = Column(board, step);
        return $"{column["count"]}:{string.Join(',', column["sums"]!.AsArray().Select(s => $" {s!["currency"]} {s["count"]} {s["amount"]!.GetValue<decimal>() / 1.0000m}"))}";
    }

    private static string Id(JsonNode card) => card["id"]!.GetValue<string>();
}
