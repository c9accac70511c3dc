using System.Net;

namespace Crm.Host.Tests.Lists;

/// <summary>What a list cannot be asked is refused, with the parameter and what could be.</summary>
public sealed class ListFaultTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Theory]
    [InlineData("colour=red", "?colour unknown-parameter", "colour is not known here; these are: createdAt,")]
    [InlineData("Name=x", "?Name unknown-parameter", "name")]
    [InlineData("Limit=1", "?Limit unknown-parameter", "limit")]
    [InlineData(".gt=1", "?.gt unknown-parameter", "amount")]
    [InlineData("workspaceId=00000000-0000-0000-0000-00000000000b", "?workspaceId unknown-parameter", "these are")]
    [InlineData("amount.over=1", "?amount.over unknown-operator", "amount.over is no comparison of amount, a number; these are: eq, ne, gt, gte, lt, lte, null.")]
    [InlineData("step.contains=a", "?step.contains unknown-operator", "eq, ne, null")]
    [InlineData("name.gt=a", "?name.gt unknown-operator", "contains")]
    [InlineData("amount=much", "?amount parameter", "amount is a number such as `1000` or `0.5`, not 'much'.")]
    [InlineData("amount=1e400", "?amount parameter", "number")]
    [InlineData("amount=1,,2", "?amount parameter", "not ''")]
    [InlineData("amount=", "?amount parameter", "not ''")]
    [InlineData("amount.gt=1&amount.gt=2", "?amount.gt parameter", "is there twice")]
    [InlineData("amount.gt=1,2", "?amount.gt parameter", "not '1,2'")]
    [InlineData("amount.null=yes", "?amount.null parameter", "true")]
    [InlineData("ownerId=me", "?ownerId parameter", "a UUID")]
    [InlineData("expectedCloseOn=31.1.2027", "?expectedCloseOn parameter", "2027-01-31")]
    [InlineData("expectedCloseOn=2027-02-30", "?expectedCloseOn parameter", "date")]
    [InlineData("createdAt.gt=2027-01-31", "?createdAt.gt parameter", "time")]
    [InlineData("createdAt.gt=2027-01-31T12:00:00", "?createdAt.gt parameter", "time")]
    [InlineData("createdAt.gt=2027-01-31T12:00:00+02:00", "?createdAt.gt parameter", "%2B")]
    [InlineData("createdAt.gt=0001-01-01T00:00:00%2B02:00", "?createdAt.gt parameter", "time")]
    [InlineData("name=", "?name parameter", "any text")]
    [InlineData("name=a%00b", "?name parameter", "any text")]
    [InlineData("step=", "?step parameter", "a key")]
    [InlineData("sort=colour", "?sort sort", "name")]
    [InlineData("sort=", "?sort sort", "not ''")]
    [InlineData("sort=--amount", "?sort sort", "amount")]
    [InlineData("sort=amount&sort=name", "?sort parameter", "is there twice")]
    [InlineData("limit=0", "?limit limit", "limit is 1 to 200, not '0'.")]
    [InlineData("limit=201", "?limit limit", "1 to 200")]
    [InlineData("limit=ten", "?limit limit", "not 'ten'")]
    [InlineData("limit=99999999999", "?limit limit", "1 to 200")]
    [InlineData("deleted=maybe", "?deleted parameter", "true")]
    [InlineData("after=x", "?after cursor", "is no cursor")]
    [InlineData("after=", "?after cursor", "is no cursor")]
    [InlineData("after=%F0%9F%99%82", "?after cursor", "is no cursor")]
    public async Task Faulty_parameter_is_named_with_what_would_be_right(string query, string fault, string message)
    {
        var answer = (await host.Rep.GetAsync($"/api/v1/deals?{query}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");

        answer.Faults.ShouldBe([fault]);
        answer["faults"][0]!["message"]!.GetValue<string>().ShouldContain(message);
    }

    [Fact]
    public async Task Every_fault_is_told_at_once()
    {
        var answer = (await host.Rep.GetAsync("/api/v1/deals?amount=a&colour=b&limit=c&after=d")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");

        answer.Faults.ShouldBe(["?amount parameter", "?colour unknown-parameter", "?limit limit"]);
    }

    [Fact]
    public async Task Too_long_a_text_and_too_many_values_are_refused()
    {
        (await host.Rep.GetAsync($"/api/v1/deals?name.contains={new string('x', 401)}")).Faults.ShouldBe(["?name.contains parameter"]);
        (await host.Rep.GetAsync($"/api/v1/deals?name.contains={new string('x', 400)}")).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Rep.GetAsync($"/api/v1/deals?step={string.Join(',', Enumerable.Repeat("a", 101))}")).Faults.ShouldBe(["?step parameter"]);
    }

    [Fact]
    public async Task Cursor_of_another_query_is_refused_and_so_is_a_mangled_one()
    {
        for (var i = 0; i < 3; i++) await host.Rep.DealAsync(new { name = "Acme", amount = i });
        const string Path = "/api/v1/deals?name=Acme&sort=amount&limit=1";
        var next = (await host.Rep.GetAsync(Path))["next"].GetValue<string>();

        (await host.Rep.GetAsync($"{Path}&after={next}")).Items.Single()["amount"]!.GetValue<decimal>().ShouldBe(1);
        (await host.Rep.GetAsync($"/api/v1/deals?limit=2&sort=amount&name=Acme&after={next}")).Items.Count.ShouldBe(2); // the same query, another length
        foreach (var other in new[] { "name=Acme&sort=-amount", "name=Acme", "sort=amount", "name=Acme&sort=amount&deleted=true", "name.ne=Acme&sort=amount" })
        {
            var refused = (await host.Rep.GetAsync($"/api/v1/deals?{other}&after={next}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
            refused["detail"].GetValue<string>().ShouldBe("after is the cursor of another query; filters and sort stay the same from page to page.", other);
        }

        for (var i = 0; i < next.Length; i++)
        {
            var mangled = next[..i] + (next[i] == 'A' ? 'B' : 'A') + next[(i + 1)..];
            (await host.Rep.GetAsync($"{Path}&after={mangled}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["?after cursor"], mangled);
        }

        (await host.Rep.GetAsync($"{Path}&after={next[..^1]}")).Faults.ShouldBe(["?after cursor"]);
        (await host.Rep.GetAsync($"{Path}&after={new string('A', 5000)}")).Faults.ShouldBe(["?after cursor"]);
    }

    [Fact]
    public async Task Cursor_of_another_workspace_shows_nothing_of_it()
    {
        for (var i = 0; i < 2; i++) await host.Stranger.DealAsync(new { name = "Theirs" });
        var next = (await host.Stranger.GetAsync("/api/v1/deals?name=Theirs&limit=1"))["next"];

        (await host.Rep.GetAsync($"/api/v1/deals?name=Theirs&limit=1&after={next}")).Items.ShouldBeEmpty();
    }
}
