using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Solving;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Tests.Rules.Solving;

public class SolverTests
{
    private const string Facts = """{"now":"2026-03-31T12:00:00.000Z","actor":{"roles":["clerk"]},"entity":{"discount":0.4,"amount":900,"tags":["a"],"due":"2026-03-30"}}""";

    private static readonly Field[] Fields =
    [
        Field("entity.discount", """{"type":"number","minimum":0,"maximum":1}"""),
        Field("entity.amount", """{"type":"number","multipleOf":0.01,"minimum":0}"""),
        Field("entity.count", """{"type":"integer"}"""),
        Field("entity.name", """{"type":"string"}"""),
        Field("entity.mail", """{"type":"string","format":"email"}"""),
        Field("entity.link", """{"type":"string","format":"uri"}"""),
        Field("entity.size", """{"enum":["small","large"]}"""),
        Field("entity.isUrgent", """{"type":"boolean"}"""),
        Field("entity.tags", """{"type":"array","items":{"enum":["a","b","c"]}}"""),
        Field("entity.due", """{"type":"string","format":"date"}"""),
        Field("entity.end", """{"type":"string","format":"date"}"""),
        Field("entity.at", """{"type":"string","format":"date-time"}"""),
        Field("entity.any", null),
    ];

    [Theory]
    [InlineData("""{"<=":[{"var":"entity.discount"},0.15]}""", """{"entity.discount":0.15}""")]
    [InlineData("""{"<":[{"var":"entity.discount"},0.15]}""", """{"entity.discount":0.14}""")]
    [InlineData("""{">":[{"var":"entity.count"},0]}""", """{"entity.count":1}""")]
    [InlineData("""{"!=":[{"var":"entity.count"},null]}""", """{"entity.count":1}""")]
    [InlineData("""{"!!":{"var":"entity.name"}}""", """{"entity.name":"text"}""")]
    [InlineData("""{"!!":{"var":"entity.mail"}}""", """{"entity.mail":"name@example.com"}""")]
    [InlineData("""{"!!":{"var":"entity.size"}}""", """{"entity.size":"small"}""")]
    [InlineData("""{"in":["b",{"var":"entity.tags"}]}""", """{"entity.tags":["a","b"]}""")]
    [InlineData("""{"!":{"in":["a",{"var":"entity.tags"}]}}""", """{"entity.tags":[]}""")]
    [InlineData("""{"<=":[{"substr":[{"var":"now"},0,10]},{"var":"entity.due"}]}""", """{"entity.due":"2026-03-31"}""")]
    [InlineData("""{">":[{"daysBetween":[{"now":[]},{"var":"entity.at"}]},3]}""", """{"entity.at":"2026-04-04T12:00:00.000Z"}""")]
    [InlineData("""{"==":[{"substr":[{"var":"entity.link"},0,8]},"https://"]}""", """{"entity.link":"https://example.com/"}""")]
    [InlineData("""{"<=":[{"*":[{"var":"entity.amount"},{"-":[1,{"var":"entity.any"}]}]},100]}""", """{"entity.amount":100}""")]
    [InlineData("""{"and":[{">":[{"var":"entity.count"},3]},{"!=":[{"var":"entity.count"},4]},{"<":[{"var":"entity.count"},6]}]}""", """{"entity.count":5}""")]
    [InlineData("""{"and":[{"==":[{"var":"entity.name"},"x"]},{"or":[{"var":"entity.isUrgent"},{">":[{"var":"entity.amount"},1000]}]}]}""", """{"entity.name":"x","entity.amount":1000.01}""")]
    [InlineData("""{"and":[{"!!":{"var":"entity.end"}},{">":[{"var":"entity.end"},{"var":"entity.due"}]},{">":[{"var":"entity.due"},"2026-05-01"]}]}""", """{"entity.due":"2026-05-02","entity.end":"2026-05-03"}""")]
    [InlineData("""{"in":["clerk",{"var":"actor.roles"}]}""", "{}")]
    [InlineData("""{"!":[{"or":[{"!":{"var":"entity.isUrgent"}},{"missing":["entity.count","entity.amount"]}]}]}""", """{"entity.count":0,"entity.isUrgent":true}""")]
    [InlineData("""{"===":[{"var":"entity.any"},{"preserve":{"var":1}}]}""", """{"entity.any":{"var":1}}""")]
    public void The_fewest_changes_are_found(string rule, string changes)
    {
        var found = Solve(rule).ShouldBeOfType<Solution.Found>();
        Value.From(Object(found.Changes)).ToString().ShouldBe(Value.Parse(changes).ToString());
        found.IsSmallest.ShouldBeTrue();
        Rule.Compile(Value.Parse(rule)).Holds(found.Facts).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"in":["boss",{"var":"actor.roles"}]}""")]
    [InlineData("""{">":[{"var":"entity.discount"},1]}""")]
    [InlineData("""{"and":[{">":[{"var":"entity.count"},3]},{"<":[{"var":"entity.count"},4]}]}""")]
    [InlineData("""{"==":[{"var":"entity.size"},"medium"]}""")]
    [InlineData("""{"and":[{">":[{"var":"entity.count"},{"var":"entity.amount"}]},{">":[{"var":"entity.amount"},{"var":"entity.count"}]}]}""")]
    public void That_there_is_no_change_is_proved(string rule) => Solve(rule).ShouldBeOfType<Solution.None>();

    [Fact]
    public void A_rule_can_be_made_to_fail() =>
        Object(Solve("""{"<":[{"var":"entity.discount"},0.5]}""", holds: false).ShouldBeOfType<Solution.Found>().Changes)["entity.discount"].ShouldBe(Value.From(0.5));

    private static Solution Solve(string rule, bool holds = true) =>
        Solver.Solve([new Goal(Rule.Compile(Value.Parse(rule)), holds)], Value.Parse(Facts), Fields, new Fuel(Fuel.OfRefusal));

    private static Field Field(string path, string? schema) => new(path, schema is null ? null : JsonSchema.Read(Value.Parse(schema), []));

    private static FactObject Object(IEnumerable<Change> changes)
    {
        var members = new FactObjectBuilder();
        foreach (var change in changes) members[change.Field.Path] = change.To ?? Value.Null;
        return members.Build();
    }
}
