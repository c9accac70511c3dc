using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Expressions;
using Crm.Wfm.Flows.Testing;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Tests.Expressions;

/// <summary>JavaScript in flows: what it computes, what it sees, what it changes.</summary>
public sealed class ScriptTests
{
    private const string Data = """{"list":[1,2.5,-0.125,1e+21,[],{}],"text":"a\u0000\"\\é😀","yes":true,"none":null,"deep":{"er":[[["x"]]]}}""";

    [Theory]
    [InlineData("getGreeting() + ', ' + event.data.name", "\"Hello, Bob & Sons\"")]
    [InlineData("`${getSeats() * 2} of ${variables.Greeting.length}`", "\"8 of 5\"")]
    [InlineData("getInput('Seats') + getVariable('Greeting')", "\"4Hello\"")]
    [InlineData("[getVariable('nobody'), getInput('nobody'), getOutputFrom('nobody')]", "[null,null,null]")]
    [InlineData("getOutputFrom('event').data.owner.id + getOutputFrom('event', 'Result').subject", "\"annticket/7\"")]
    [InlineData("getResultFromEvent().data.tags", """["a","b"]""")]
    [InlineData("getLastResult().type", "\"ticket.opened\"")]
    [InlineData("event.data.owner?.id ?? 'nobody'", "\"ann\"")]
    [InlineData("param.limit + outputs.event.result.data.seats + input.Seats", "47")]
    [InlineData("return event.data.tags.map(t => t.toUpperCase());", """["A","B"]""")]
    [InlineData("const f = n => n < 2 ? n : f(n - 1) + f(n - 2); f(15)", "610")]
    [InlineData("({a: undefined, b: NaN, c: null, d: -0.5, e: [undefined, () => 1, Infinity], f: new Date(0), g: new Number(4), h: new Map([[1, 2]])})", """{"b":null,"c":null,"d":-0.5,"e":[null,null,null],"f":"1970-01-01T00:00:00.000Z","g":4,"h":{}}""")]
    [InlineData("'half ' + '\\ud83d'", "\"half \uFFFD\"")]
    [InlineData("setGreeting('Hi'); getGreeting()", "\"Hi\"")]
    [InlineData("setVariable('Greeting', 'Hi'); variables.Greeting", "\"Hi\"")]
    [InlineData("variables.Greeting = 'Hi'; getVariable('Greeting') + JSON.stringify(variables)", """ "Hi{\"Greeting\":\"Hi\"}" """)]
    [InlineData("(async () => { await null; return 5 })()", "5")]
    [InlineData("undefined", "null")]
    [InlineData("() => 5", "null")]
    public async Task Script_computes(string script, string expected) => (await LineAsync(script)).ShouldBe(expected.Trim());

    [Theory]
    [InlineData("[isNullOrEmpty(''), isNullOrEmpty(null), isNullOrEmpty(' '), isNullOrWhiteSpace(' ')]", "[true,true,false,true]")]
    [InlineData("toJson({b: 1, a: ['x', null, undefined]})", """ "{\"b\":1,\"a\":[\"x\",null,null]}" """)]
    [InlineData("parseGuid('{00000000-0000-0000-0000-0000000000AA}')", "\"00000000-0000-0000-0000-0000000000aa\"")]
    [InlineData("[newGuid().length, newGuidString().length, getGuidString() === newGuid(), /^[A-Za-z0-9]{15,22}$/.test(newShortGuid() ), getShortGuid().length > 14]", "[36,36,false,true,true]")]
    [InlineData("bytesToString(bytesFromString('hé')) + bytesFromString('hé').length + bytesToBase64([104, 105])", "\"hé3aGk=\"")]
    [InlineData("stringToBase64('hi') + stringFromBase64('aGk=') + bytesFromBase64('aGk=').join('+')", "\"aGk=hi104+105\"")]
    [InlineData("[getWorkflowDefinitionId(), getWorkflowDefinitionVersionId(), getWorkflowDefinitionVersion(), getWorkflowInstanceId()]", """["flow","flow:1",1,"00000000-0000-0000-0000-000000000000"]""")]
    [InlineData("setCorrelationId('c'); setWorkflowInstanceName('n'); getCorrelationId() + getWorkflowInstanceName()", "\"cn\"")]
    public async Task Script_has_the_functions_Elsa_gives_it(string script, string expected) => (await LineAsync(script)).ShouldBe(expected.Trim());

    [Theory]
    [InlineData("new Date()", "\"2026-01-31T09:00:00.000Z\"")]
    [InlineData("new Date(Date.now()).getHours()", "9")]
    [InlineData("new Date('2026-07-01T12:00:00+02:00').getHours() + new Date().getTimezoneOffset()", "10")]
    public async Task Script_sees_the_time_of_its_run_in_UTC(string script, string expected) => (await LineAsync(script)).ShouldBe(expected);

    [Theory]
    [InlineData("getData()")]
    [InlineData("JSON.parse(JSON.stringify(getData()))")]
    [InlineData("JSON.parse(toJson(getData()))")]
    [InlineData("setData(getData()); getVariable('Data')")]
    public async Task What_goes_in_comes_out_as_it_was(string script) => (await LineAsync(script)).ShouldBe(Value.Parse(Data).ToString());

    [Theory]
    [InlineData("JSON.stringify({b: 1, a: [1, {c: 'x'}], d: []}, null, 2)", "{\n  \"b\": 1,\n  \"a\": [\n    1,\n    {\n      \"c\": \"x\"\n    }\n  ],\n  \"d\": []\n}")]
    [InlineData("JSON.stringify({b: 1, a: 2, c: {a: 3}}, ['a', 'c'])", """{"a":2,"c":{"a":3}}""")]
    [InlineData("JSON.stringify({b: 1, a: [2]}, (k, v) => typeof v === 'number' ? v + 1 : v)", """{"b":2,"a":[3]}""")]
    [InlineData("JSON.stringify([undefined, () => 1, NaN, new Date(0), '\\u2028\\t\\ud800'])", """[null,null,null,"1970-01-01T00:00:00.000Z","\u2028\t\ud800"]""")]
    [InlineData("[1, [2, null], undefined].join('-') + String([1, [2, 3]]) + [1, [2, [3]]].flat()", "1-2,-1,2,31,2,3")]
    [InlineData("'a-b-a'.replace('a', '$&$&') + 'a-b'.replace(/(a)-(b)/, '$2$1$$$`|') + 'x.y'.replaceAll('.', '$\\'') + 'k=v'.replace(/(?<k>k)/, '<$<k>>')", "aa-b-aba$|xyy<k>=v")]
    [InlineData("['ab'.repeat(2), '5'.padStart(3, '0'), 'a'.concat('b', 1), encodeURIComponent('ü&'), (function() { return this.x }).bind({x: 7})()].join()", "abab,005,ab1,%C3%BC%26,7")]
    [InlineData("['a,b'.split(','), 'a1b2'.split(/\\d/), 'abc'.split(), 'abc'.split('', 2), 'a,b'.split({toString: () => ','})].join('|')", "a,b|a,b,|abc|a,b|a,b")]
    [InlineData("['banana'.indexOf('an', 2), 'banana'.lastIndexOf('an'), 'banana'.includes('nan'), 'xundefined'.indexOf(undefined), 'a1'.includes(1)].join()", "3,3,true,1,true")]
    [InlineData("['b1c22'.match(/\\d+/g), [...'b1c22'.matchAll(/[a-z](\\d)/g)].map(m => m[1]), 'b1c22'.search('c'), 'b1'.match('b(.)')[1], 'aXbX'.replace(/x/gi, (m, at) => at)].join()", "1,22,1,2,2,1,a1b3")]
    [InlineData("[new RegExp('a+', 'g').flags, RegExp('a').source, new RegExp(/b/i).test('B'), /a/ instanceof RegExp, new RegExp('a') instanceof RegExp, /a/.constructor === RegExp, new (class E extends RegExp { get e() { return 1 } })('a').e].join()", "g,a,true,true,true,true,1")]
    [InlineData("['aaa'.replaceAll(/a/g, 'b'), (() => { try { 'a'.replaceAll(/a/, 'b') } catch (e) { return e instanceof TypeError } })(), (() => { try { 'a'.includes(/a/) } catch (e) { return e instanceof TypeError } })()].join()", "bbb,true,true")]
    public async Task Guarded_functions_do_what_those_of_the_language_do(string script, string expected) => Value.Parse(await LineAsync(script)).AsText.ShouldBe(expected.Replace("\\u2028", "\u2028"));

    [Fact]
    public async Task What_a_script_changes_in_an_object_it_was_given_is_kept()
    {
        using var flows = new FlowHarness();
        var flow = Chart.Flow(
            [
                Chart.Activity("change", "Elsa.RunJavaScript", ("script", Chart.Literal("getList().push(3); for (const part of getMap().parts) part.n *= 2; variables.Map.more = true;"))),
                Chart.WriteLine("line", Chart.Input("JavaScript", "toJson([getList(), getMap()])")),
            ], "change>line");
        flow["variables"] = JsonNode.Parse("""[{"id": "l", "name": "List", "typeName": "Object", "value": [1, 2]}, {"id": "m", "name": "Map", "typeName": "Object", "value": {"parts": [{"n": 1}, {"n": 2}]}}]""");
        (await flows.StartAsync(flows.Publish(flow.Value()))).Lines.ShouldBe(["""[[1,2,3],{"more":true,"parts":[{"n":2},{"n":4}]}]"""]);
    }

    [Theory]
    [InlineData("setOutcome('High')", "high")]
    [InlineData("setOutcomes(['High', 'Low'])", "high low")]
    [InlineData("getSeats()", "done")]
    public async Task RunJavaScript_goes_on_by_the_outcomes_the_script_sets(string script, string expected)
    {
        using var flows = new FlowHarness();
        var flow = Chart.Flow(
            [
                Chart.Activity("run", "Elsa.RunJavaScript", ("script", Chart.Literal(script)), ("possibleOutcomes", Chart.Input("Object", """["High", "Low"]"""))),
                Chart.WriteLine("high"), Chart.WriteLine("low"), Chart.WriteLine("done"),
            ], "run:High>high", "run:Low>low", "run:Done>done");
        With(flow);
        string.Join(' ', (await flows.StartAsync(flows.Publish(flow.Value()))).Lines).ShouldBe(expected);
    }

    [Theory]
    [InlineData("return getSeats() * 2", "8")]
    [InlineData("({a: getSeats()})", """{"a":4}""")]
    public async Task RunJavaScript_gives_out_what_the_script_returns(string script, string expected)
    {
        using var flows = new FlowHarness();
        var flow = Chart.Flow([Chart.Activity("run", "Elsa.RunJavaScript", ("script", Chart.Literal(script))), Chart.WriteLine("line", Chart.Input("JavaScript", "toJson(getResultFromRun()) + toJson(getLastResult())"))], "run>line");
        With(flow);
        (await flows.StartAsync(flows.Publish(flow.Value()))).Lines.ShouldBe([expected + expected]);
    }

    [Theory]
    [InlineData("getGreting()", "unknown-reference", "there is no getGreting()", "getGreeting")]
    [InlineData("setSeats(5)", "unknown-reference", "there is no setSeats()", "variable")]
    [InlineData("getResultFromNobody()", "unknown-reference", "getResultFromNobody()", "activity")]
    [InlineData("1 +", "expression", "is no JavaScript", "")]
    [InlineData("await 5", "expression", "is no JavaScript", "")]
    [InlineData("2n ** 3n", "expression", "scripts have no BigInt", "")]
    [InlineData("new Proxy({}, {})", "expression", "scripts have no Proxy", "")]
    [InlineData("new Uint8Array(3)", "expression", "scripts have no Uint8Array", "")]
    [InlineData("Temporal.Now.instant()", "expression", "scripts have no Temporal", "")]
    public void Script_that_could_not_run_is_refused(string script, string key, string message, string hint) => Refused("JavaScript", script, key, message, hint);

    [Theory]
    [InlineData("CSharp", "Variables.Total > 100m && Variables.Name.Contains(\"x\")", "write JavaScript: getTotal() > 100 && getName().includes(\"x\")")]
    [InlineData("CSharp", "$\"Dear {Variables.Name}\"", "write JavaScript: `Dear ${getName()}`")]
    [InlineData("CSharp", "Variables.Total = Variables.Total + 1;", "write JavaScript: setTotal(getTotal() + 1)")]
    [InlineData("CSharp", "Variables.Items.Select(x => x.Name).ToList()", "write JavaScript: getItems().map(x => x.Name)")]
    [InlineData("CSharp", "string.IsNullOrEmpty(Input.Name)", "write JavaScript: isNullOrEmpty(getInput(\"Name\"))")]
    [InlineData("CSharp", "var x = new List<int>();", "write JavaScript, or JsonLogic for a decision")]
    [InlineData("Python", "variables.total > 3 and not variables.done", "write JavaScript: variables.total > 3 && ! variables.done")]
    [InlineData("Python", "len(variables.items)", "write JavaScript, or JsonLogic for a decision")]
    [InlineData("Liquid", "Dear {{ Variables.Name }}", "write Handlebars: Dear {{variables.Name}}")]
    [InlineData("Liquid", "{% if x %}y{% endif %}", "write Handlebars, which has the same braces")]
    [InlineData("Ruby", "1", "write JavaScript or JsonLogic for a value")]
    public void Expression_of_another_language_is_refused_with_what_to_write_instead(string kind, string text, string suggestion) => Refused(kind, text, "expression", $"{kind} expressions are not run here", suggestion);

    [Fact]
    public async Task The_scripts_of_the_page_give_what_it_says()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "docs", "flows.md"));
        var lines = page.Split("```js\n")[1].Split("```")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBeGreaterThan(3);
        foreach (var line in lines) (await LineAsync(line.Split("//")[0])).ShouldBe(line.Split("//")[1].Trim());
    }

    [Fact]
    public void Every_function_scripts_have_is_on_the_page()
    {
        var page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "docs", "flows.md"));
        // Those whose names Elsa keeps for old scripts are not advertised.
        ScriptNames.Functions.Where(f => f is not ("getGuidString" or "getShortGuid")).ShouldAllBe(f => page.Contains($"{f}("));
    }

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string file = "") => file;

    private static void Refused(string kind, string text, string key, string message, string hint)
    {
        var flow = Chart.Flow([Chart.WriteLine("line", Chart.Input(kind, text))]);
        With(flow);
        using var flows = new FlowHarness();
        var fault = Should.Throw<FlowRefusedException>(() => flows.Publish(flow.Value())).Faults.ShouldHaveSingleItem();
        fault.Key.ShouldBe(key);
        fault.Pointer.ShouldStartWith("/root/activities/0/text/expression");
        fault.Message.ShouldContain(message);
        fault.Message.ShouldContain(hint);
    }

    private static Task<string> LineAsync(string script) => Sketch.LineAsync(Chart.Input("JavaScript", script), flow => With(flow, script.Contains("Data()", StringComparison.Ordinal)));

    private static void With(JsonObject flow, bool withData = false)
    {
        flow["variables"] = JsonNode.Parse("""[{"id": "v1", "name": "Greeting", "typeName": "String", "value": "Hello"}]""");
        if (withData) flow["variables"]!.AsArray().Add(new JsonObject { ["id"] = "v2", ["name"] = "Data", ["typeName"] = "Object", ["value"] = Value.Parse(Data).ToJson() });
        flow["inputs"] = JsonNode.Parse("""[{"name": "Seats", "type": "Int32", "defaultValue": "4"}]""");
    }
}
