using Crm.Wfm.Flows.Testing;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Tests.Expressions;

/// <summary>Scripts made to take all of the time, the memory or the stack there is: they are ended, each by the limit it meets, and the host goes on.</summary>
public sealed class ScriptLimitTests
{
    private const string Sought = "'ab'.repeat(2000000)";
    private const string Almost = "('ab'.repeat(500000) + 'cb' + 'ab'.repeat(500000))";
    private const string Nested = "let a = []; for (let i = 0; i < 30000; i++) a = [a]; ";

    [Theory]
    // Loops and calls.
    [InlineData("while (true);", "1000000 statements")]
    [InlineData("for (;;) { try { for (;;) {} } catch {} }", "1000000 statements")]
    [InlineData("const f = () => f(); f()", "250 calls")]
    [InlineData("function* g() { yield* g() } [...g()]", "call stack")]
    [InlineData("let x = {toString() { return '' + x }}; '' + x", "call stack")]
    [InlineData("(function f() { Promise.resolve().then(f) })(); 1", "needs more than")]
    [InlineData("(async () => { throw new Error('no seats') })()", "the script failed: Error: no seats")]
    [InlineData("new Promise(() => 0)", "a promise that nothing fulfils")]
    // Texts.
    [InlineData("'x'.repeat(100_000_000)", "5000000 characters")]
    [InlineData("''['re' + 'peat'].call('x', 100_000_000)", "5000000 characters")]
    [InlineData("const {repeat} = ''; repeat.call('x', 1e8)", "5000000 characters")]
    [InlineData("'x'.padEnd(500_000_000)", "5000000 characters")]
    [InlineData("'a'.repeat(1e5).replace(/a/g, 'b'.repeat(1e5))", "5000000 characters")]
    [InlineData("'a'.repeat(1e5).replaceAll('a', '$`')", "5000000 characters")]
    [InlineData("'a'.repeat(1e5).split('').join('b'.repeat(1e5))", "5000000 characters")]
    [InlineData("Array(1000).fill('x'.repeat(1e6)).join('')", "5000000 characters")]
    [InlineData("String(Array(1000).fill('x'.repeat(1e6)))", "5000000 characters")]
    [InlineData("JSON.stringify(Array(1000).fill('x'.repeat(1e6)))", "5000000 characters")]
    [InlineData("''.concat(...Array(100).fill('x'.repeat(1e6)))", "5000000 characters")]
    [InlineData("toJson(Array(1000).fill('x'.repeat(1e6)))", "5000000 characters")]
    [InlineData("let s = 'x'; while (true) s += s", "64 MB of memory")]
    [InlineData("let s = 'x'; while (true) s = s + s + s", "64 MB of memory")]
    // What converts itself does so once: what was looked at is what is taken.
    [InlineData("let n = 0; 'x'.repeat({valueOf() { return n++ ? 1e9 : 1 }}).length === 1 ? (() => { throw new Error('once') })() : 0", "once")]
    [InlineData("let n = 0; ''.repeat.call({toString() { return n++ ? 'x'.repeat(4e6) : 'x' }}, 1000).length === 1000 ? (() => { throw new Error('once') })() : 0", "once")]
    [InlineData("let n = 0; 'x'.padEnd({valueOf() { return n++ ? 1e9 : 3 }}).length === 3 ? (() => { throw new Error('once') })() : 0", "once")]
    [InlineData("let n = 0; ''.concat({toString() { return n++ ? 'x'.repeat(4e6) : 'x' }}).length === 1 ? (() => { throw new Error('once') })() : 0", "once")]
    // A search of one text for another, which nothing interrupts.
    [InlineData(Sought + ".indexOf(" + Almost + ")", "5000000000 comparisons")]
    [InlineData(Sought + ".lastIndexOf(" + Almost + ")", "5000000000 comparisons")]
    [InlineData(Sought + ".includes(" + Almost + ")", "5000000000 comparisons")]
    [InlineData(Sought + ".split(" + Almost + ")", "5000000000 comparisons")]
    [InlineData(Sought + ".replace(" + Almost + ", '')", "5000000000 comparisons")]
    [InlineData(Sought + ".replaceAll(" + Almost + ", '')", "5000000000 comparisons")]
    [InlineData("let n = 0; " + Sought + ".indexOf({toString() { return n++ ? " + Almost + " : 'c' }}) === -1 ? (() => { throw new Error('once') })() : 0", "once")]
    [InlineData("const r = /x/; r[Symbol.split] = undefined; r.toString = () => " + Almost + "; " + Sought + ".split(r).length === 1 ? (() => { throw new Error('once') })() : 0", "once")]
    [InlineData("new RegExp(" + Almost + ").test(" + Sought + ")", "10000 characters in one regular expression")]
    [InlineData("/x/.constructor(" + Almost + ").test(" + Sought + ")", "10000 characters in one regular expression")]
    [InlineData("new (class extends RegExp {})(" + Almost + ").test(" + Sought + ")", "10000 characters in one regular expression")]
    [InlineData("(" + Sought + ").match(" + Almost + ")", "10000 characters in one regular expression")]
    [InlineData("(" + Sought + ").search(" + Almost + ")", "10000 characters in one regular expression")]
    // Lists.
    [InlineData("new Array(1e9).fill(0)", "1000000 items")]
    [InlineData("Array.from({length: 1e9})", "1000000 items")]
    [InlineData("let a = [1]; while (true) a = a.concat(a)", "1000000 items")]
    [InlineData("[...{[Symbol.iterator]: () => ({next: Object})}]", "needs more than")]
    [InlineData("new Set({[Symbol.iterator]: () => ({next: Object})})", "needs more than")]
    [InlineData("Array.prototype.includes.call({length: 2 ** 53 - 1}, 1)", "needs more than")]
    // Depth: a stack that overflows would end the host.
    [InlineData(Nested + "JSON.stringify(a)", "200 values within each other")]
    [InlineData(Nested + "toJson(a)", "200 values within each other")]
    [InlineData(Nested + "String(a)", "200 lists within each other")]
    [InlineData(Nested + "a + ''", "200 lists within each other")]
    [InlineData(Nested + "a.toLocaleString()", "200 lists within each other")]
    [InlineData(Nested + "a", "200 values within each other")]
    [InlineData(Nested + "setVariable('x', a)", "200 values within each other")]
    [InlineData("let f = () => 1; for (let i = 0; i < 30000; i++) f = f.bind(null); f()", "1000 functions made by bind")]
    // Regular expressions.
    [InlineData("/(a+)+$/.test('a'.repeat(40) + '!')", "one regular expression")]
    [InlineData("new RegExp('(x+x+)+y').exec('x'.repeat(50))", "one regular expression")]
    // What the result does when it is taken.
    [InlineData("({toJSON() { for (;;); }})", "1000000 statements")]
    [InlineData("({get a() { for (;;); }})", "1000000 statements")]
    [InlineData("const o = {}; o.o = o; o", "contains itself")]
    [InlineData("JSON.stringify({toJSON() { return this }, get a() { return JSON.stringify(this) }})", "script")]
    // Code out of texts.
    [InlineData("eval('1')", "String compilation has been disabled")]
    [InlineData("new Function('return 1')()", "String compilation has been disabled")]
    [InlineData("(async () => {}).constructor('return 1')()", "String compilation has been disabled")]
    [InlineData("''.constructor.constructor('return 1')()", "String compilation has been disabled")]
    [InlineData("import('fs')", "the script failed")]
    public async Task Script_is_ended_by_the_limit_it_meets(string script, string limit) => (await FailureAsync(script)).ShouldContain(limit);

    [Theory]
    [InlineData("[typeof System, typeof importNamespace, typeof clr, typeof require, typeof process, typeof fetch].join()", "undefined,undefined,undefined,undefined,undefined,undefined")]
    [InlineData("['Proxy', 'BigInt', 'Atomics', 'ArrayBuffer', 'Uint8Array', 'Temporal', 'Iterator', 'ShadowRealm'].filter(n => n in globalThis).join()", "")]
    [InlineData("typeof new Date()['toTemporal' + 'Instant'] + typeof [].values()['dr' + 'op'] + typeof (function* () {})()['for' + 'Each'] + typeof new Set()['uni' + 'on']", "undefinedundefinedundefinedundefined")]
    [InlineData("getVariable.constructor === Function ? 'plain' : 'wrapped'", "plain")]
    public async Task Script_does_not_reach_what_could_pass_by_its_limits(string script, string expected) =>
        Value.Parse(await Sketch.LineAsync(Chart.Input("JavaScript", script))).AsText.ShouldBe(expected);

    [Theory]
    [InlineData("throw new Error('no seats')", "the script failed in line 1: no seats")]
    [InlineData("const a = 1;\nnobody.name", "the script failed in line 2: nobody is not defined")]
    [InlineData("null.x", "Cannot read propert")]
    public async Task Script_that_fails_says_where_and_why(string script, string message) => (await FailureAsync(script)).ShouldContain(message);

    [Theory]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("!")]
    [InlineData("if(1)")]
    [InlineData("a=")]
    [InlineData("x=>")]
    [InlineData("1**")]
    [InlineData("1+")]
    [InlineData("`${")]
    public void Script_that_nests_without_end_is_refused(string part)
    {
        var script = string.Concat(Enumerable.Repeat(part, 49_000 / part.Length)) + "1";
        Sketch.Faults(Chart.Line(Sketch.Type, Chart.WriteLine("line", Chart.Input("JavaScript", script)))).ShouldBe(["/root/activities/1/text/expression/value expression"]);
    }

    [Fact]
    public async Task Script_that_does_nothing_but_search_what_it_was_given_is_ended_too()
    {
        const string Half = "ababababab";
        var (sought, almost) = (string.Concat(Enumerable.Repeat(Half, 100_000)), string.Concat(Enumerable.Repeat(Half, 10_000)) + "cb" + string.Concat(Enumerable.Repeat(Half, 10_000)));
        var variables = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["id"] = "a", ["name"] = "A", ["value"] = sought }, new System.Text.Json.Nodes.JsonObject { ["id"] = "b", ["name"] = "B", ["value"] = almost });
        (await Should.ThrowAsync<SketchFailure>(() => Sketch.LineAsync(Chart.Input("JavaScript", "variables.A.indexOf(variables.B)"), flow => flow["variables"] = variables))).Message.ShouldContain("5000000000 comparisons");
    }

    [Fact]
    public async Task Other_runs_go_on_beside_a_script_that_does_not_end()
    {
        using var flows = new FlowHarness();
        foreach (var (id, script) in new[] { ("endless", "while (true);"), ("short", "'done'") })
        {
            var flow = Chart.Line("ticket.opened", Chart.WriteLine("line", Chart.Input("JavaScript", script)));
            (flow["definitionId"], flow["id"]) = (id, id);
            flows.Publish(flow.Value());
        }

        await flows.TellAsync("ticket.opened");
        flows.Runs.Select(r => $"{r.Status} {string.Join(' ', r.Lines)}".TrimEnd()).ShouldBe(["faulted", "finished done"]);
        flows.Runs[0].Incidents.ShouldHaveSingleItem().ShouldContain("1000000 statements");
    }

    private static async Task<string> FailureAsync(string script) =>
        (await Should.ThrowAsync<SketchFailure>(() => Sketch.LineAsync(Chart.Input("JavaScript", script), flow => flow["variables"] = System.Text.Json.Nodes.JsonNode.Parse("""[{"id": "x", "name": "x", "typeName": "Object"}]""")))).Message;
}
