using System.Net;
using System.Text.Json.Nodes;
using Crm.Testing;

namespace Crm.Host.Tests.Lists;

/// <summary>Lists come sorted, page by page.</summary>
public sealed class ListPageTests(ListPageTests.Deals given) : IClassFixture<ListPageTests.Deals>
{
    private const int Count = 24;

    public static TheoryData<string, int> Sorts
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var sort in new[] { "name", "amount", "expectedCloseOn", "createdAt", "updatedAt", "stepEnteredAt", "closedAt" })
            {
                foreach (var limit in new[] { 1, 5, Count - 1, Count, 200 }) data.Add(sort, limit);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sorts))]
    public async Task Following_next_finds_every_record_once_in_order_up_and_down(string sort, int limit)
    {
        foreach (var descending in new[] { false, true })
        {
            var found = await FollowAsync($"sort={(descending ? "-" : "")}{sort}&limit={limit}");

            found.Count.ShouldBe(Count);
            found.Select(Id).Distinct().Count().ShouldBe(Count);
            found.Select(Id).ShouldBe(Ordered(found, sort, descending).Select(Id));
        }
    }

    [Fact]
    public async Task Without_a_sort_the_newest_come_first_fifty_at_a_time()
    {
        var page = await given.Host.Rep.GetAsync("/api/v1/deals");

        page.Items.Select(Id).ShouldBe(Ordered(page.Items, "createdAt", true).Select(Id));
        page.Items.Count.ShouldBe(Count);
        page.Json["next"].ShouldBeNull();
    }

    [Fact]
    public async Task Pages_go_on_where_they_ended_whatever_was_added_before()
    {
        foreach (var name in new[] { "older", "newer" }) await given.Host.Stranger.DealAsync(new { name });
        var first = await given.Host.Stranger.GetAsync("/api/v1/deals?limit=1");
        await given.Host.Stranger.DealAsync(new { name = "newest" });

        var second = await given.Host.Stranger.GetAsync($"/api/v1/deals?limit=1&after={first["next"]}");

        first.Items.Concat(second.Items).Select(d => d["name"]!.GetValue<string>()).ShouldBe(["newer", "older"]);
        second.Json["next"].ShouldBeNull();
    }

    [Theory]
    [InlineData("limit=1")]
    [InlineData("limit=200")]
    [InlineData("limit=24&sort=-amount&step=qualification&amount.gt=1")]
    public async Task A_page_is_one_statement_after_the_workspace_is_set_however_long_it_is(string query)
    {
        await given.Host.Rep.GetAsync($"/api/v1/deals?{query}"); // the key is remembered from here on
        using var sent = new SentStatements(given.Host.Application);

        (await given.Host.Rep.GetAsync($"/api/v1/deals?{query}")).Status.ShouldBe(HttpStatusCode.OK);

        sent.Texts.Count.ShouldBe(2, string.Join("\n\n", sent.Texts));
    }

    private async Task<List<JsonNode>> FollowAsync(string query)
    {
        var (found, after) = (new List<JsonNode>(), "");
        do
        {
            var page = await given.Host.Rep.GetAsync($"/api/v1/deals?{query}{after}");
            page.Status.ShouldBe(HttpStatusCode.OK, page.Text);
            found.AddRange(page.Items);
            after = page.Json["next"] is { } next ? $"&after={next}" : null;
        }
        while (after is not null);
        return found;
    }

    // As the page promises it: by key, what lacks it last, equal ones by id.
    private static IEnumerable<JsonNode> Ordered(IEnumerable<JsonNode> records, string sort, bool descending)
    {
        var having = records.Where(r => r[sort] is not null);
        var order = Comparer<JsonNode>.Create((a, b) => Key(a, sort).CompareTo(Key(b, sort)));
        var ids = Comparer<string>.Create(string.CompareOrdinal);
        return descending
            ? [.. having.OrderByDescending(r => r, order).ThenByDescending(Id, ids), .. records.Where(r => r[sort] is null).OrderByDescending(Id, ids)]
            : [.. having.OrderBy(r => r, order).ThenBy(Id, ids), .. records.Where(r => r[sort] is null).OrderBy(Id, ids)];
    }

    private static IComparable Key(JsonNode record, string sort) => sort switch
    {
        "name" => Given.Place(record[sort]!.GetValue<string>()),
        "amount" => record[sort]!.GetValue<decimal>(),
        "createdAt" or "updatedAt" or "stepEnteredAt" or "closedAt" => record[sort]!.GetValue<DateTimeOffset>(),
        _ => record[sort]!.GetValue<string>(),
    };

    private static string Id(JsonNode record) => record["id"]!.GetValue<string>();

    /// <summary>Names in the order people expect.</summary>
    private static class Given
    {
        private static readonly string[] Names = ["acme", "Acme", "Ärger", "Beta", "zebra", "ßeta", "東京", "עברית", "🙂"];

        public static string Name(int i) => Names[i % Names.Length];

        public static int Place(string name) => Array.IndexOf(Order, name);

        // By the Unicode collation algorithm: symbols, then scripts; case and accents only part what is else equal.
        private static readonly string[] Order = ["🙂", "acme", "Acme", "Ärger", "Beta", "ßeta", "zebra", "עברית", "東京"];
    }

    /// <summary>Deals with equal and missing keys.</summary>
    public sealed class Deals : IAsyncLifetime
    {
        public CrmHost Host { get; } = new();

        public async Task InitializeAsync()
        {
            await Host.InitializeAsync();
            for (var i = 0; i < Count; i++)
            {
                await Host.Rep.DealAsync(new { name = Given.Name(i), amount = i % 5 == 0 ? (int?)null : i % 7, expectedCloseOn = i % 3 == 0 ? null : $"2027-01-{1 + (i % 4):00}" });
            }
        }

        public Task DisposeAsync() => Host.DisposeAsync();
    }
}
