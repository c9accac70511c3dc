namespace Crm.Wfm.Tests.Decisions;

/// <summary>Points per characteristic, added up, and the bands of the score.</summary>
public sealed class ScorecardTests
{
    private const string Card = """
        {
          "kind": "scorecard", "base": 10,
          "inputs": [
            {"key": "amount", "value": {"var": "entity.a"}, "schema": {"type": ["number", "null"]}},
            {"key": "source", "value": {"var": "entity.b"}, "schema": {"enum": ["web", "fair", "cold"]}}
          ],
          "outputs": [{"key": "grade", "schema": {"enum": ["a", "b", "c"]}}],
          "characteristics": [
            {"key": "size", "weight": 2, "otherwise": 1, "rows": [
              {"key": "big", "when": {"amount": {">=": 1000}}, "points": 20},
              {"key": "medium", "when": {"amount": {">=": 100}}, "points": 10}
            ]},
            {"key": "origin", "rows": [
              {"key": "warm", "when": {"source": {"in": ["web", "fair"]}}, "points": 5},
              {"key": "cold-but-big", "when": {"source": "cold", "amount": {">": 5000}}, "points": -3}
            ]}
          ],
          "bands": [
            {"key": "hot", "when": {">=": 50}, "then": {"grade": "a"}},
            {"key": "warm", "when": {">=": 20, "<": 50}, "then": {"grade": "b"}}
          ],
          "default": {"grade": "c"}
        }
        """;

    [Theory]
    [InlineData("""{"a": 2000, "b": "web"}""", 55, "a", "size/big,origin/warm,bands/hot")]
    [InlineData("""{"a": 9000, "b": "cold"}""", 47, "b", "size/big,origin/cold-but-big,bands/warm")]
    [InlineData("""{"a": 100, "b": "cold"}""", 30, "b", "size/medium,bands/warm")]
    [InlineData("""{"b": "cold"}""", 12, "c", "")]
    [InlineData("""{"b": "fair"}""", 17, "c", "origin/warm")]
    public void Points_are_weighted_added_up_and_banded(string entity, double score, string grade, string hits)
    {
        var card = DecisionBundle.Read(Card);
        var trace = card.Explain(DecisionBundle.Facts(entity));

        DecisionBundle.Ask(card, entity).ShouldBe(trace.Result.Outputs);
        (trace.Result.Outputs["score"].AsNumber, trace.Result.Outputs["grade"].AsText).ShouldBe((score, grade));
        string.Join(',', trace.Hits).ShouldBe(hits);
        trace.Tables.Sum(t => t.Points ?? 0).ShouldBe(score - 10);
    }

    [Fact]
    public void The_score_is_always_an_output_and_may_be_the_only_one()
    {
        var card = DecisionBundle.Read("""
            {"kind": "scorecard", "inputs": [{"key": "a", "value": {"var": "entity.a"}, "schema": {"type": "boolean"}}],
             "characteristics": [{"key": "yes", "rows": [{"key": "yes", "when": {"a": true}, "points": 0.1}]}]}
            """);

        card.Outputs.Select(o => o.Key).ShouldBe(["score"]);
        DecisionBundle.Ask(card, """{"a": true}""").ToString().ShouldBe("""{"score":0.1}""");
        DecisionBundle.Ask(card, """{"a": null}""").ToString().ShouldBe("""{"score":0}""");
    }

    [Fact]
    public void A_band_may_compute_from_the_score()
    {
        var card = DecisionBundle.Read("""
            {"kind": "scorecard", "inputs": [{"key": "a", "value": {"var": "entity.a"}, "schema": {"type": "boolean"}}],
             "outputs": [{"key": "rate", "schema": {"type": "number"}}],
             "characteristics": [{"key": "yes", "rows": [{"key": "yes", "when": {"a": true}, "points": 50}]}],
             "bands": [{"key": "all", "when": {">=": 0}, "then": {"rate": {"rule": {"/": [{"var": "inputs.score"}, 100]}}}}]}
            """);

        DecisionBundle.Ask(card, """{"a": true}""").ToString().ShouldBe("""{"rate":0.5,"score":50}""");
    }

    [Fact]
    public void Bands_leave_open_only_scores_that_are_reached()
    {
        var whole = Card.Replace("\"default\": {\"grade\": \"c\"}", "\"description\": \"x\"", StringComparison.Ordinal).Replace("{\"key\": \"warm\", \"when\": {\">=\": 20, \"<\": 50}", "{\"key\": \"warm\", \"when\": {\"<=\": 49}", StringComparison.Ordinal);
        DecisionBundle.Reading(whole).Warnings.ShouldBeEmpty();

        var open = DecisionBundle.Reading(whole.Replace("\"<=\": 49", "\"<=\": 48", StringComparison.Ordinal));
        open.Warnings.ShouldHaveSingleItem().ShouldBe(new Fault("/decisions/it/bands", "gap", "no row hits, and there is no default: score = 49"));
    }
}
