using System.Text.Json.Nodes;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Tests.Expressions;

/// <summary>What computes an activity's inputs.</summary>
public sealed class ExpressionTests
{
    [Theory]
    [InlineData("Literal", "\"as it is {{event.type}}\"", "\"as it is {{event.type}}\"")]
    [InlineData("Literal", "4", "4")]
    [InlineData("Object", """ "{\"a\": [1, null]}" """, """{"a":[1,null]}""")]
    [InlineData("Object", """{"a": 1}""", """{"a":1}""")]
    [InlineData("Variable", """{"id": "v1", "name": "Greeting"}""", "\"Hello\"")]
    [InlineData("Variable", "\"Greeting\"", "\"Hello\"")]
    [InlineData("Input", """{"name": "Seats"}""", "4")]
    [InlineData("JsonLogic", """{"cat": [{"var": "event.data.name"}, "/", {"var": "variables.Greeting"}, "/", {"var": "input.Seats"}, "/", {"var": "param.limit"}]}""", "\"Bob & Sons/Hello/4/3\"")]
    [InlineData("JsonLogic", """ "{\"var\": \"event.subject\"}" """, "\"ticket/7\"")]
    [InlineData("JsonLogic", """{"var": "outputs.event.result.data.owner.id"}""", "\"ann\"")]
    [InlineData("JsonLogic", """{"var": "now"}""", "\"2026-01-31T09:00:00.000Z\"")]
    [InlineData("Handlebars", "\"{{variables.Greeting}}, {{event.data.name}}!\"", "\"Hello, Bob & Sons!\"")]
    public async Task Expression_computes(string kind, string value, string expected) => (await LineAsync(Chart.Input(kind, JsonNode.Parse(value)))).ShouldBe(expected);

    [Theory]
    [InlineData("{{event.data.seats}} at {{event.data.price}}", "40 at 2.5")]
    [InlineData("{{event.data.open}} {{event.data.tags}} {{event.data.owner}}", """true ["a","b"] {"id":"ann"}""")]
    [InlineData("[{{event.data.gone}}{{event.data.never}}{{nothing}}]", "[]")]
    [InlineData("{{#each event.data.tags}}{{@index}}{{this}}{{#unless @last}}, {{/unless}}{{/each}}", "0a, 1b")]
    [InlineData("{{#if event.data.gone}}gone{{else}}there{{/if}}", "there")]
    [InlineData("{{#with event.data.owner}}{{id}}{{/with}} {{lookup event.data 'seats'}}", "ann 40")]
    [InlineData("{{{event.data.name}}} & {{event.data.name}}", "Bob & Sons & Bob & Sons")]
    public async Task Template_writes_values_as_JSON_does_and_nothing_for_what_is_not_there(string template, string expected) =>
        (await LineAsync(Chart.Template(template))).ShouldBe(Value.From(expected).ToString());

    [Theory]
    [InlineData("CSharp", "\"Variables.X\"", "/expression/type expression")]
    [InlineData("JavaScript", "\"getVariable(\"", "/expression/value expression")]
    [InlineData("CSharp", "\"1\"", "/expression/type expression")]
    [InlineData("Liquid", "\"{{ x }}\"", "/expression/type expression")]
    [InlineData("Object", "\"{\"", "/expression/value malformed-json")]
    [InlineData("Variable", """{"id": "nobody", "name": "Greting"}""", "/expression/value unknown-reference")]
    [InlineData("Variable", "null", "/expression/value unknown-reference")]
    [InlineData("Input", """{"name": "Seat"}""", "/expression/value unknown-reference")]
    [InlineData("JsonLogic", "\"event.data\"", "/expression/value malformed-json")]
    [InlineData("JsonLogic", """{"vra": "event"}""", "/expression/value rule-operator")]
    [InlineData("JsonLogic", """ "{\"vra\": 1}" """, "/expression/value rule-operator")]
    [InlineData("JsonLogic", """{"var": "entity.amount"}""", "/expression/value unknown-root")]
    [InlineData("Handlebars", "7", "/expression/value expression")]
    [InlineData("Handlebars", "\"{{\"", "/expression/value expression")]
    [InlineData("Handlebars", "\"{{#if event}}\"", "/expression/value expression")]
    [InlineData("Handlebars", "\"{{#if}}x{{/if}}\"", "/expression/value expression")]
    [InlineData("Handlebars", "\"{{shout event.data.name}}\"", "/expression/value expression")]
    [InlineData("Handlebars", "\"{{#if (eq 1 2)}}x{{/if}}\"", "/expression/value expression")]
    [InlineData("Handlebars", "\"{{#shout event}}x{{/shout}}\"", "/expression/value expression")]
    [InlineData("Handlebars", "\"{{~ > part}}\"", "/expression/value expression")]
    [InlineData("Handlebars", "\"{{#*inline 'e'}}{{> e}}{{/inline}}{{> e}}\"", "/expression/value expression")]
    public void What_would_not_be_computed_as_it_was_meant_is_refused(string kind, string value, string fault) =>
        Sketch.Faults(With(Chart.Line(Sketch.Type, Chart.WriteLine("line", Chart.Input(kind, JsonNode.Parse(value)))))).ShouldBe([$"/root/activities/1/text{fault}"]);

    [Theory]
    [InlineData("""{"+": [{"var": "event.subject"}, 1]}""", "the rule ended in the error 'NaN'")]
    [InlineData("""{"throw": "no seats"}""", "the rule ended in the error 'no seats'")]
    public async Task A_rule_that_ends_in_an_error_fails_the_run_with_it(string rule, string message) =>
        (await Should.ThrowAsync<SketchFailure>(() => LineAsync(Chart.Input("JsonLogic", JsonNode.Parse(rule))))).Message.ShouldBe(message);

    [Fact]
    public void A_template_has_at_most_4000_characters() =>
        Sketch.Faults(Chart.Line(Sketch.Type, Chart.WriteLine("line", Chart.Template(new string('x', 4001))))).ShouldBe(["/root/activities/1/text/expression/value expression"]);

    [Fact]
    public async Task A_template_that_writes_and_writes_is_ended()
    {
        var each = string.Concat(Enumerable.Repeat("{{#each event.data.tags}}", 60)) + "what it writes" + string.Concat(Enumerable.Repeat("{{/each}}", 60));
        (await Should.ThrowAsync<SketchFailure>(() => LineAsync(Chart.Template(each.Replace("event.data.tags", "@root.event.data.tags")))))
            .Message.ShouldContain("more than 100000 characters");
    }

    [Theory]
    [InlineData("{{#each event.data.tags}}", "{{/each}}")]
    [InlineData("{{#each @root.event.data.owner}}{{#each @root.event.data}}", "{{/each}}{{/each}}")]
    public async Task A_template_that_goes_round_and_writes_nothing_is_ended(string open, string close)
    {
        var each = string.Concat(Enumerable.Repeat(open.Replace("#each event", "#each @root.event"), 30)) + string.Concat(Enumerable.Repeat(close, 30));
        (await Should.ThrowAsync<SketchFailure>(() => LineAsync(Chart.Template(each)))).Message.ShouldContain("more than 100000 items");
    }

    [Fact]
    public void A_rule_that_goes_round_within_itself_too_often_is_refused()
    {
        var rule = """{"var": "accumulator"}""";
        for (var i = 0; i < 12; i++) rule = $$"""{"reduce": [[1,2,3,4,5,6,7,8,9,10], {{rule}}, 0]}""";
        Sketch.Faults(Chart.Line(Sketch.Type, Chart.WriteLine("line", Chart.Logic(rule)))).ShouldBe(["/root/activities/1/text/expression/value rule-cost"]);
    }

    [Fact]
    public async Task A_rule_over_more_than_anybody_thought_of_is_ended()
    {
        var many = new JsonArray(new JsonObject { ["id"] = "m", ["name"] = "Many", ["typeName"] = "Object", ["value"] = new JsonArray([.. Enumerable.Range(0, 5000).Select(i => JsonValue.Create(i))]) });
        var rule = Chart.Logic("""{"map": [{"var": "variables.Many"}, {"map": [{"val": [[2], "variables", "Many"]}, {"+": [{"var": ""}, 1]}]}]}""");
        (await Should.ThrowAsync<SketchFailure>(() => Sketch.LineAsync(rule, flow => flow["variables"] = many))).Message.ShouldStartWith("the rule ended in the error");
    }

    private static Task<string> LineAsync(JsonNode text) => Sketch.LineAsync(text, flow => With(flow));

    private static JsonObject With(JsonObject flow)
    {
        flow["variables"] = JsonNode.Parse("""[{"id": "v1", "name": "Greeting", "typeName": "String", "value": "Hello"}]""");
        flow["inputs"] = JsonNode.Parse("""[{"name": "Seats", "type": "Int32", "defaultValue": "4"}]""");
        return flow;
    }
}
