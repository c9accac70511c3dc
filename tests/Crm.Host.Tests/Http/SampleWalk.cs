using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;

namespace Crm.Host.Tests.Http;

/// <summary>An embedded test of a sample, acted out over HTTP: a record and a project for it, a user for each of its actors, its acts as moves.</summary>
internal sealed class SampleWalk(SampleHost host, Bundle bundle, Scenario scenario)
{
    private readonly Dictionary<Value, Api> _people = [];
    private readonly ProjectType _type = bundle.ProjectTypes.Values.First(t => t.Workflow == scenario.Workflow);
    private string _record = "";
    private string _project = "";
    private int _version;

    /// <summary>Tells whether a test begins where projects begin, and asks for nothing a user could not bring about.</summary>
    public static bool Begins(Scenario scenario) => scenario.Given["step"].IsNull && scenario.Given["params"].IsNull && scenario.Given["project"].IsNull;

    /// <summary>Goes to an act that is refused, and makes it with the fix the refusal proposes.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> FixAsync(ScenarioStep refused)
    {
        await StartAsync();
        foreach (var act in scenario.Steps.TakeWhile(act => act != refused).Where(act => act.Do is not null))
        {
            host.Clock.Now += act.Advance;
            await MoveAsync(await PersonAsync(ActorOf(act)), act);
        }

        host.Clock.Now += refused.Advance;
        var person = await PersonAsync(ActorOf(refused));
        var answer = await person.MoveAsync(_project, refused.Do!, _version, refused.Changes.ToJson(), refused.Input.ToJson());
        if (answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "refused").Json["fix"] is not JsonArray fix)
        {
            answer["whyNoFix"].GetValue<string>().ShouldNotBeEmpty();
            return false;
        }

        var sent = new JsonObject { ["entity"] = refused.Changes.ToJson() ?? new JsonObject(), ["input"] = refused.Input.ToJson() };
        foreach (var change in fix) Apply(change!, sent);
        var moved = await person.MoveAsync(_project, refused.Do!, _version, sent["entity"], sent["input"]);
        moved.Status.ShouldBe(HttpStatusCode.OK, $"{refused.Do} with {sent.ToJsonString()}: {moved.Text}");
        return true;
    }

    public async Task GoAsync()
    {
        await StartAsync();
        foreach (var act in scenario.Steps)
        {
            host.Clock.Now += act.Advance;
            var person = await PersonAsync(ActorOf(act));
            var before = await EventsAsync();
            if (act.Do is not null) await MoveAsync(person, act);
            await CompareAsync(person, act.Expect);
            (act.Expect.Events ?? []).ShouldBeSubsetOf((await EventsAsync()).SkipLast(before.Count));
        }
    }

    private async Task StartAsync()
    {
        host.Clock.Now = scenario.Given["now"].AsText is { } now ? DateTimeOffset.Parse(now, CultureInfo.InvariantCulture) : ScenarioRunner.DefaultNow;
        var owners = scenario.Steps.Select(ActorOf).Where(IsOwner).Distinct().ToList();
        owners.Count.ShouldBeLessThanOrEqualTo(1, "a record has one owner");
        var owner = owners.Count == 0 ? host.Admin : await PersonAsync(owners[0]);
        var fields = (scenario.Given["entity"].ToJson() ?? new JsonObject()).AsObject();
        var name = fields["name"]?.GetValue<string>() ?? scenario.Key;
        fields.Remove("name");
        _record = Created(await owner.PostAsync("/api/v1/records", new { type = _type.Subject, name, fields }));
        _project = Created(await owner.PostAsync("/api/v1/projects", new { subject = new { type = _type.Subject, id = _record } }));
        _version = 1;
    }

    private async Task MoveAsync(Api person, ScenarioStep act)
    {
        var answer = await person.MoveAsync(_project, act.Do!, _version, act.Changes.ToJson(), act.Input.ToJson());
        if (act.Expect.BlockedBy is ["not-allowed"]) answer.ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
        else if (act.Expect.BlockedBy is { Count: > 0 } blocked) Keys(answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "refused")["reasons"].AsArray()).ShouldBe(blocked, ignoreOrder: true);
        else
        {
            answer.Status.ShouldBe(HttpStatusCode.OK, $"{act.Do}: {answer.Text}");
            if (act.Expect.Warnings is { } warnings) Keys(answer["warnings"].AsArray()).ShouldBe(warnings, ignoreOrder: true);
            _version = answer["version"].GetValue<int>();
        }
    }

    private async Task CompareAsync(Api person, Expectation expect)
    {
        if (expect.Step is { } step) (await person.GetAsync($"/api/v1/projects/{_project}"))["step"].GetValue<string>().ShouldBe(step);
        if (expect.Available is { } available)
        {
            var offers = (await person.GetAsync($"/api/v1/projects/{_project}/transitions"))["transitions"].AsArray();
            Keys(offers.Where(o => o!["available"]!.GetValue<bool>())).ShouldBe(available, ignoreOrder: true);
        }

        var fields = Value.From((await person.GetAsync($"/api/v1/records/{_record}"))["fields"]);
        foreach (var (name, value) in expect.Entity.AsObject ?? FactObject.Empty) fields[name].ShouldBe(value, name);
    }

    private async Task<IReadOnlyList<string>> EventsAsync() =>
        [.. (await host.Admin.GetAsync($"/api/v1/events?subject={_type.Subject}/{_record}")).Items.Select(e => e["type"]!.GetValue<string>())];

    private async Task<Api> PersonAsync(Value actor)
    {
        if (_people.TryGetValue(actor, out var known)) return known;
        return _people[actor] = host.As(await host.KeyAsync(host.Workspace, [.. actor["roles"].AsList.ToArray().Select(r => r.AsText!)]));
    }

    private static void Apply(JsonNode change, JsonObject sent)
    {
        var tokens = change["path"]!.GetValue<string>().Split('/')[1..];
        JsonNode place = sent;
        foreach (var token in tokens[..^1]) place = place[token] ??= new JsonObject();
        place[tokens[^1]] = change.AsObject().ContainsKey("suggestion") ? change["suggestion"]?.DeepClone() : Anything(change);
    }

    /// <summary>Makes up what only a user can know.</summary>
    private static JsonNode? Anything(JsonNode change)
    {
        change["bounds"].ShouldNotBeNull(change.ToJsonString()).GetValue<string>().ShouldStartWith("anything but empty");
        var schema = JsonSchema.Read(Value.From(change["schema"]), []).ShouldNotBeNull();
        string[] values = ["\"Said\"", "7", "0.5", "\"2026-03-30\"", "\"a@b.example\"", "\"https://a.example/b\"", "[\"Said\"]", "\"GBP\"", "\"GB33BUKB20201555555555\"", "\"1.0\""];
        return values.Select(Value.Parse).Concat(schema.Source["enum"].AsList.ToArray()).First(v => schema.Validate(v).Count == 0).ToJson();
    }

    private Value ActorOf(ScenarioStep act) => act.As.IsNull ? scenario.Given["actor"] : act.As;

    private static bool IsOwner(Value actor) => actor["relations"].AsList.ToArray().Any(r => r.AsText == "owner");

    private static IEnumerable<string> Keys(IEnumerable<JsonNode?> items) => items.Select(item => item!["key"]!.GetValue<string>());

    private static string Created(Answer answer)
    {
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        return answer["id"].GetValue<string>();
    }
}
