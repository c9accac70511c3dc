using Crm.Wfm.History;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Tests.Moves;

namespace Crm.Wfm.Tests.History;

public sealed class HistoryTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    public async Task A_body_is_canonical_json_of_what_is_hashed()
    {
        var record = await desk.RecordAsync();
        var project = await desk.ProjectAsync(record);
        desk.Clock.Now = new DateTimeOffset(2026, 3, 31, 12, 0, 1, TimeSpan.FromHours(2)).AddTicks(1234567);
        (await desk.MoveAsync(new(project, "begin", Desk.Bob))).ShouldBeOfType<MoveResult.Moved>();
        var row = await RowAsync(project, 2);
        var workflow = await desk.AskAsync<Guid>("select workflow_version_id from wfm.project where id = $1", project);
        row.Body.ShouldBe($$"""
            {"actor":"{{Desk.Bob.Id}}","at":"2026-03-31T10:00:01.123456Z","from":"todo","private":"{{Value.Parse(row.Body)["private"].AsText}}","project":"{{project}}","projectType":"task","subject":{"id":"{{record.Id}}","type":"task"},"to":"doing","transition":"begin","version":2,"workflow":"{{workflow}}","workspace":"{{Workspace.Default}}"}
            """);
        row.Hash.ShouldBe(HistoryEntry.Hash(row.Prev, row.Body));
        row.Prev.ShouldBe((await RowAsync(project, 1)).Hash);
    }

    [Theory]
    [InlineData("0.1")]
    [InlineData("1e-7")]
    [InlineData("-1.5e-300")]
    [InlineData("1e21")]
    [InlineData("5e-324")]
    [InlineData("1.7976931348623157e308")]
    [InlineData("9007199254740992")]
    [InlineData("0.30000000000000004")]
    [InlineData("-0.0")]
    public async Task The_private_part_has_the_same_digest_after_the_database_kept_its_numbers(string number)
    {
        var project = await desk.ProjectAsync(moves: ["begin", "submit"]);
        var command = new MoveCommand(project, "approve", Desk.Bob) { Input = Desk.Json($$"""{"number":{{number}} }""") };
        (await desk.MoveAsync(command)).ShouldBeOfType<MoveResult.Moved>();
        await HoldsAsync(project, 4, personal => personal["input"]["number"].AsNumber.ShouldBe(double.Parse(number, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("Zürich ☃ \U0001F600")]
    [InlineData("\u2028 \u0001 \t \" \\ / <b>")]
    [InlineData("\uFFFF \uFEFF e\u0301")]
    [InlineData("")]
    public async Task The_private_part_has_the_same_digest_after_the_database_kept_its_texts(string text)
    {
        var project = await desk.ProjectAsync(moves: ["begin", "submit"]);
        var input = new System.Text.Json.Nodes.JsonObject { ["comment"] = text, [text] = text };
        (await desk.MoveAsync(new(project, "approve", Desk.Bob) { Input = input, Reason = text })).ShouldBeOfType<MoveResult.Moved>();
        await HoldsAsync(project, 4, personal => personal["reason"].AsText.ShouldBe(text));
    }

    [Fact]
    public async Task Input_as_deep_as_it_may_be_can_be_read_again()
    {
        var project = await desk.ProjectAsync(moves: ["begin", "submit"]);
        var deep = string.Concat(Enumerable.Repeat("[", StrictJson.MaxDepth - 1)) + string.Concat(Enumerable.Repeat("]", StrictJson.MaxDepth - 1));
        (await desk.MoveAsync(new(project, "approve", Desk.Bob) { Input = Desk.Json($$"""{"deep":{{deep}} }""") })).ShouldBeOfType<MoveResult.Moved>();
        await HoldsAsync(project, 4, personal => personal["input"]["deep"].ToJson()!.ToJsonString().ShouldBe(deep));
    }

    [Fact]
    public async Task What_is_erased_is_gone_and_the_chain_holds()
    {
        var project = await desk.ProjectAsync("""{"points":3,"text":"personal"}""", "begin", "submit");
        await using var other = await OtherSession.BeginAsync(desk);
        await other.RunAsync($"select set_config('wfm.workspace', '{Workspace.Default}', true)");
        await other.RunAsync("select wfm.erase_private($1)", project);
        await other.CommitAsync();
        (await desk.AskAsync<long>("select count(*) from wfm.history where project_id = $1 and private is null and salt is null", project)).ShouldBe(3);
        await using var scope = desk.Scope();
        (await scope.Verifier.VerifyAsync(default)).Broken.ShouldNotContain(b => b.Project == project);
        (await desk.AskAsApplicationAsync<int?>(Workspace.Default, "select wfm.broken_link($1)", project)).ShouldBeNull();
        (await desk.MoveAsync(new(project, "approve", Desk.Bob))).ShouldBeOfType<MoveResult.Moved>();
    }

    [Fact]
    public async Task A_private_part_is_salted()
    {
        var (one, two) = (await desk.ProjectAsync(), await desk.ProjectAsync());
        (await RowAsync(one, 1)).Salt.ShouldNotBe((await RowAsync(two, 1)).Salt);
        (await RowAsync(one, 1)).Salt!.Length.ShouldBe(16);
    }

    private async Task HoldsAsync(Guid project, int version, Action<Value> look)
    {
        var row = await RowAsync(project, version);
        var personal = Value.Parse(row.Private!);
        HistoryEntry.Digest(row.Salt!, CanonicalJson.Text(personal)).ShouldBe(Value.Parse(row.Body)["private"].AsText);
        look(personal);
        await using var scope = desk.Scope();
        (await scope.Verifier.VerifyAsync(default)).Broken.ShouldNotContain(b => b.Project == project);
    }

    private async Task<(string Body, string? Private, byte[]? Salt, byte[] Prev, byte[] Hash)> RowAsync(Guid project, int version)
    {
        var row = Value.Parse(await desk.AskAsync<string>("""
            select jsonb_build_object('body', body, 'private', private::text, 'salt', encode(salt, 'hex'), 'prev', encode(prev, 'hex'), 'hash', encode(hash, 'hex'))::text
            from wfm.history where project_id = $1 and version = $2
            """, project, version));
        return (row["body"].AsText!, row["private"].AsText, row["salt"].AsText is { } salt ? Convert.FromHexString(salt) : null,
            Convert.FromHexString(row["prev"].AsText!), Convert.FromHexString(row["hash"].AsText!));
    }
}
