using System.Text.Json.Nodes;

namespace Crm.Benchmarks.Lists;

/// <summary>Something to ask for, in a few ways that take turns.</summary>
internal sealed record ListCase(string Name, IReadOnlyList<string> Paths);

/// <summary>What people look at, and the worst there is to look at.</summary>
internal static class ListCases
{
    private const string Deals = "/api/v1/deals";
    private static readonly string[] Steps = ["qualification", "initial-contact", "discovery", "proposal"];

    public static async Task<IReadOnlyList<ListCase>> AllAsync(FilledHost host)
    {
        var owners = await host.AskAsync<Guid>($"select id from crm.user where workspace_id = '{FilledHost.Workspace}' and name ~ 'Seller' order by substr(name, 8)::int");
        var deals = await host.AskAsync<Guid>($"select id from crm.deal where workspace_id = '{FilledHost.Workspace}' and deleted_at is null order by created_at limit 8 offset 50000");
        var busy = await host.AskAsync<Guid>($"select d.id from crm.deal d where d.workspace_id = '{FilledHost.Workspace}' and d.deleted_at is null and (select count(*) from crm.note n where n.deal_id = d.id) = 40 order by 1 limit 8");
        return
        [
            new("first page", [Deals]),
            new("page 500", [$"{Deals}?after={await host.CursorAsync(499, Deals)}"]),
            new("step and owner", [.. Steps.Select((step, i) => $"{Deals}?step={step}&ownerId={owners[i * 5]}")]),
            new("by amount, of a currency", [.. new[] { "EUR", "USD", "GBP" }.Select(c => $"{Deals}?sort=-amount&currency={c}")]),
            new("custom field", [$"{Deals}?custom.region=north", $"{Deals}?custom.region=south"]),
            new("search", [.. new[] { "renewal", "license offer", "acme", "turing", "upgrde" }.Select(q => $"/api/v1/search?q={Uri.EscapeDataString(q)}")]),
            new("board", [$"{Deals}/board"]),
            new("board of an owner", [$"{Deals}/board?ownerId={owners[10]}"]),
            new("more of a column", [$"{Deals}/board/closed-won?after={await NextCardsAsync(host)}"]),
            new("one deal", [.. deals.Select(id => $"{Deals}/{id}")]),
            new("timeline of 200", [.. busy.Select(id => $"{Deals}/{id}/timeline")]),

            new("rare owner", [$"{Deals}?ownerId={owners[49]}"]),
            new("rare owner by amount", [$"{Deals}?ownerId={owners[49]}&sort=-amount"]),
            new("rare owner on the board", [$"{Deals}/board?ownerId={owners[49]}"]),
            new("rare currency by amount", [$"{Deals}?sort=-amount&currency=JPY"]),
            new("rare custom value", [$"{Deals}?custom.region=islands"]),
            new("custom score of few", [$"{Deals}?custom.score.gte=990&sort=name"]),
            new("rare step by name", [$"{Deals}?step=negotiation&sort=name"]),
            new("nobody of a person", [$"{Deals}?personId={owners[0]}&sort=-amount"]),
            new("amount above all", [$"{Deals}?amount.gte=999999"]),
            new("name contains nowhere", [$"{Deals}?name.contains=xyzzy"]),
            new("deleted ones", [$"{Deals}?deleted=true"]),
            new("deleted ones by name", [$"{Deals}?deleted=true&sort=name"]),
            new("by update", [$"{Deals}?sort=-updatedAt"]),
            new("by close", [$"{Deals}?sort=-closedAt"]),
            new("won by amount", [$"{Deals}?step=closed-won&sort=-amount"]),
            new("common word", ["/api/v1/search?q=contract"]),
            new("word that is nowhere", ["/api/v1/search?q=xyzzyplugh"]),
            new("two words, one nowhere", ["/api/v1/search?q=contract%20xyzzyplugh"]),
            new("people", ["/api/v1/people"]),
            new("organizations", ["/api/v1/organizations"]),
            new("activities", ["/api/v1/activities"]),
            new("agenda", ["/api/v1/me/agenda"]),
            new("notes", ["/api/v1/notes"]),
            new("transitions", [.. deals.Select(id => $"{Deals}/{id}/transitions")]),
        ];
    }

    private static async Task<string> NextCardsAsync(FilledHost host)
    {
        var board = JsonNode.Parse(await host.GetAsync($"{Deals}/board"))!;
        return board["columns"]!.AsArray().Single(c => c!["step"]!.GetValue<string>() == "closed-won")!["cards"]!["next"]!.GetValue<string>();
    }

    // The cursor of the page before the one that is looked at.
    private static async Task<string> CursorAsync(this FilledHost host, int pages, string path)
    {
        var next = "";
        for (var i = 0; i < pages; i++) next = JsonNode.Parse(await host.GetAsync(next.Length > 0 ? $"{path}?after={next}" : path))!["next"]!.GetValue<string>();
        return next;
    }
}
