using System.Text.Json.Nodes;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Tests.Bundles.Proofs;

/// <summary>Makes every defect of every kind in every place of the samples where it can be made. The same ones each time.</summary>
internal static class Defects
{
    public static IEnumerable<Defect> All() => Directory.GetFiles(Samples.Folder, "*.json").Order(StringComparer.Ordinal).Select(f => Path.GetFileName(f)!).SelectMany(f => new Seeding(f).All());
}

/// <summary>Makes the defects of one sample.</summary>
internal sealed class Seeding
{
    private readonly string _file;
    private readonly JsonObject _sample;
    private readonly string _workflow;
    private readonly string _at;
    private readonly string _subject;
    private readonly JsonSchema _schema;

    public Seeding(string file)
    {
        (_file, _sample) = (file, JsonNode.Parse(Samples.Bytes(file))!.AsObject());
        _sample.Remove("tests");
        _workflow = _sample["workflows"]!.AsObject().First().Key;
        _at = "/workflows/" + _workflow;
        _subject = _sample["projectTypes"]!.AsObject().First(t => (string?)t.Value!["workflow"] == _workflow).Value!["subject"]!.GetValue<string>();
        _schema = JsonSchema.Read(Value.Parse(_sample["subjects"]![_subject]!["schema"]!.ToJsonString()), [])!;
    }

    private JsonArray Steps => _sample["workflows"]![_workflow]!["steps"]!.AsArray();

    private JsonObject Transitions => _sample["workflows"]![_workflow]!["transitions"]!.AsObject();

    public IEnumerable<Defect> All() => Graph().Concat(Guards()).Concat(Actors()).Concat(Names()).Concat(Alternatives());

    private Defect Make(string kind, string key, string pointer, Action<JsonObject> change, string? hint = null)
    {
        var bundle = _sample.DeepClone().AsObject();
        change(bundle);
        return new(kind, _file, bundle, key, pointer, hint);
    }

    private static string Key(JsonNode step) => (string?)step["key"] ?? (string)step["status"]!;

    private static bool IsFinal(JsonNode step) => (bool?)step["final"] ?? false;

    private static JsonObject Flow(JsonObject bundle, string workflow) => bundle["workflows"]![workflow]!["transitions"]!.AsObject();

    // ---- steps and ways ----

    private IEnumerable<Defect> Graph()
    {
        yield return Make("a step nothing leads to", "unreachable-step", $"{_at}/steps/{Steps.Count}", b => b.With(_at + "/steps/-", $$"""{"key": "forgotten", "status": "{{(string)Steps[0]!["status"]!}}", "final": true}"""));
        yield return Make("a step nothing leads on from", "dead-end", $"{_at}/steps/{Steps.Count}", b => b
            .With(_at + "/steps/-", $$"""{"key": "parked", "status": "{{(string)Steps[0]!["status"]!}}"}""").With(_at + "/transitions/park", $$"""{"from": ["{{Key(Steps[0]!)}}"], "to": "parked"}"""));
        foreach (var (i, step) in Steps.Index().Where(s => !((bool?)s.Item!["initial"] ?? false)))
            yield return Make("ways to a step taken away", "unreachable-step", $"{_at}/steps/{i}", b => Without(b, t => (string)t["to"]! == Key(step!)));
        foreach (var (i, step) in Steps.Index().Where(s => !IsFinal(s.Item!)))
        {
            yield return Make("ways from a step taken away", "dead-end", $"{_at}/steps/{i}", b => Leave(b, Key(step!), null));
            var key = (bool?)step!["initial"] ?? false ? $"{_at}/steps" : $"{_at}/steps/{i}";
            yield return Make("ways from a step led back", "no-path-to-final", key, b => Leave(b, Key(step), Key(step)));
        }
    }

    private void Without(JsonObject bundle, Predicate<JsonNode> which)
    {
        var transitions = Flow(bundle, _workflow);
        foreach (var key in transitions.Where(t => which(t.Value!)).Select(t => t.Key).ToList()) Remove(transitions, key);
    }

    private static void Remove(JsonObject transitions, string key)
    {
        transitions.Remove(key);
        foreach (var eyes in transitions.Select(t => t.Value!["notSameActorAs"]).OfType<JsonArray>())
        {
            if (eyes.FirstOrDefault(e => (string)e! == key) is { } named) eyes.Remove(named);
        }
    }

    /// <summary>Takes the ways from a step away, or leads them elsewhere.</summary>
    private void Leave(JsonObject bundle, string step, string? to)
    {
        var transitions = Flow(bundle, _workflow);
        foreach (var (key, transition) in transitions.ToList())
        {
            var from = transition!["from"]!.AsArray();
            if (from.FirstOrDefault(f => (string)f! == step) is not { } named) continue;
            if (to is not null)
            {
                var copy = transition.DeepClone().AsObject();
                (copy["from"], copy["to"]) = (new JsonArray(step), to);
                transitions[key + "-again"] = copy;
            }

            from.Remove(named);
            if (from.Count == 0) Remove(transitions, key);
        }
    }

    // ---- guards ----

    private IEnumerable<(string Pointer, string? Transition, JsonObject Guard)> Places()
    {
        foreach (var (key, transition) in Transitions)
        {
            foreach (var kind in new[] { "conditions", "validators" })
            {
                foreach (var (name, guard) in transition![kind]?.AsObject() ?? []) yield return ($"{_at}/transitions/{key}/{kind}/{name}", key, guard!.AsObject());
            }
        }

        foreach (var (i, step) in Steps.Index())
        {
            foreach (var (name, guard) in step!["exitCriteria"]?.AsObject() ?? []) yield return ($"{_at}/steps/{i}/exitCriteria/{name}", null, guard!.AsObject());
        }
    }

    private IEnumerable<Defect> Guards()
    {
        foreach (var (pointer, transition, guard) in Places())
        {
            var rule = guard["rule"]!.ToJsonString();
            yield return Make("a guard that denies itself", "always-false", pointer, b => b.With(pointer + "/rule", $$"""{"and": [{{rule}}, {"!": [{{rule}}]}]}"""));
            yield return Make("a guard that also allows the opposite", "always-true", pointer, b => b.With(pointer + "/rule", $$"""{"or": [{{rule}}, {"!": [{{rule}}]}]}"""));
            foreach (var path in Paths(guard["rule"]!).Take(1))
            {
                if (Impossible(path) is { } impossible) yield return Make("a guard beyond its fact's schema", "always-false", pointer, b => b.With(pointer + "/rule", impossible));
                if (Certain(path) is { } certain) yield return Make("a guard as wide as its fact's schema", "always-true", pointer, b => b.With(pointer + "/rule", certain));
            }

            if (transition is null || (string?)guard["severity"] == "warning") continue;
            var other = $"{_at}/transitions/{transition}/validators/the-opposite";
            yield return Make("a guard against another", "guards-contradict", other, b => b.With(other, $$"""{"rule": {"!": [{{rule}}]}, "message": "m"}"""));
        }

        foreach (var (key, transition) in Transitions)
        {
            foreach (var (i, action) in (transition!["postActions"]?.AsArray() ?? []).Index().Where(a => a.Item!["when"] is not null))
            {
                var (when, pointer) = (action!["when"]!.ToJsonString(), $"{_at}/transitions/{key}/postActions/{i}/when");
                yield return Make("an action that is never done", "always-false", pointer, b => b.With(pointer, $$"""{"and": [{{when}}, {"!": [{{when}}]}]}"""));
            }
        }
    }

    private static IEnumerable<string> Paths(JsonNode rule) => Rule.CompileLeniently(Value.Parse(rule.ToJsonString())).Variables.Where(v => v.StartsWith("entity.", StringComparison.Ordinal));

    /// <summary>Writes what no value of a fact meets.</summary>
    private string? Impossible(string path)
    {
        var it = $$"""{"var": "{{path}}"}""";
        if (_schema.At("/" + path.Split('.')[1])?.Source is not { } schema) return null;
        if (schema["enum"].AsList is { Length: > 0 }) return $$"""{"==": [{{it}}, "no-such-value"]}""";
        if (schema["maximum"].Kind == ValueKind.Number) return $$"""{">": [{{it}}, {{schema["maximum"]}}]}""";
        if (schema["minimum"].Kind == ValueKind.Number) return $$"""{"<": [{{it}}, {{schema["minimum"]}}]}""";
        if (schema["format"].AsText is "date" or "date-time") return $$"""{"and": [{">": [{{it}}, "2026-06-01"]}, {"<": [{{it}}, "2026-03-01"]}]}""";
        return $$"""{"and": [{"===": [{{it}}, "yes"]}, {"===": [{{it}}, "no"]}]}""";
    }

    /// <summary>Writes what every value of a fact meets.</summary>
    private string? Certain(string path)
    {
        var it = $$"""{"var": "{{path}}"}""";
        if (_schema.At("/" + path.Split('.')[1])?.Source is not { } schema) return null;
        if (schema["enum"].AsList is { Length: > 0 }) return $$"""{"!=": [{{it}}, "no-such-value"]}""";
        if (schema["maximum"].Kind == ValueKind.Number) return $$"""{"<=": [{{it}}, {{schema["maximum"]}}]}""";
        if (schema["minimum"] is { Kind: ValueKind.Number, AsNumber: 0 }) return $$"""{">=": [{{it}}, 0]}""";
        if (schema["format"].AsText is "date" or "date-time") return $$"""{"or": [{"!": [{{it}}]}, {">": [{{it}}, "2026-03-01"]}, {"<": [{{it}}, "2026-06-01"]}]}""";
        return $$"""{"or": [{"!==": [{{it}}, "yes"]}, {"!==": [{{it}}, "no"]}]}""";
    }

    // ---- who ----

    private IEnumerable<Defect> Actors()
    {
        foreach (var (key, transition) in Transitions)
        {
            var place = $"{_at}/transitions/{key}";
            var allow = transition!["allow"]?.AsArray() ?? [];
            foreach (var (i, role) in allow.SelectMany((a, at) => (a!["roles"]?.AsArray() ?? []).Select((r, ri) => (Pointer: $"{place}/allow/{at}/roles/{ri}", Role: (string)r!))).Take(1).Index())
                yield return Make("a role nobody has", "unknown-reference", role.Pointer, b => b.With(role.Pointer, $"\"{Misspelt(role.Role)}\""), role.Role);
            var roles = allow.SelectMany(a => a!["roles"]?.AsArray() ?? []).Select(r => (string)r!).Distinct().ToList();
            if (roles.Count > 0 && allow.All(a => a!["roles"] is not null))
            {
                var none = string.Join(", ", roles.Select(r => $$"""{"in": ["{{r}}", {"var": "actor.roles"}]}"""));
                yield return Make("a guard against all who may", "never-taken", place, b => b.With(place + "/conditions/not-them", $$"""{"rule": {"!": [{"or": [{{none}}]}]}, "message": "m"}"""));
            }

            foreach (var first in (transition["notSameActorAs"]?.AsArray() ?? []).Select(n => (string)n!).Take(1))
            {
                yield return Make("four eyes of one person", "four-eyes-alone", place + "/notSameActorAs/0", b => b
                    .With($"{_at}/transitions/{first}/allow", """[{"relations": ["owner"]}]""").With(place + "/allow", """[{"relations": ["owner"]}]"""));
            }

            if (Transitions.Where(t => IsAfter(transition, t.Value!)).Select(t => t.Key).FirstOrDefault() is { } later)
                yield return Make("four eyes that look too late", "four-eyes-idle", place + "/notSameActorAs/0", b => b.With(place + "/notSameActorAs", $"[\"{later}\"]"));
        }
    }

    /// <summary>Tells whether a transition can only be taken after another one, never before: it leads to an end that nothing leaves.</summary>
    private bool IsAfter(JsonNode transition, JsonNode later) =>
        Steps.Any(s => Key(s!) == (string)later["to"]! && IsFinal(s!)) && !Transitions.Any(t => t.Value!["from"]!.AsArray().Any(f => (string)f! == (string)later["to"]!)) && transition != later;

    // ---- names ----

    private IEnumerable<Defect> Names()
    {
        foreach (var (pointer, _, guard) in Places())
        {
            foreach (var path in Paths(guard["rule"]!).Where(p => p.Split('.').Length == 2 && p.Length > 10).Take(1))
            {
                var name = path.Split('.')[1];
                yield return Make("a fact there is not", "unknown-fact", pointer + "/rule", b => b.With(pointer + "/rule", guard["rule"]!.ToJsonString().Replace($"\"{path}\"", $"\"entity.{Misspelt(name)}\"", StringComparison.Ordinal)), name);
            }
        }

        foreach (var (i, step) in Steps.Index().Where(s => Key(s.Item!).Length > 5))
            yield return Make("a migration to a step there is not", "unknown-reference", "/migrations/0/steps/old", b => b.With("/migrations", $$"""[{"workflow": "{{_workflow}}", "from": "<1.0.0", "steps": {"old": "{{Misspelt(Key(step!))}}"} }]"""), Key(step!));
        foreach (var type in Transitions.SelectMany(t => t.Value!["postActions"]?.AsArray() ?? []).Where(a => (string?)a!["do"] == "emit").Select(a => a!["value"] as JsonValue).Where(v => v is not null).Select(v => (string)v!).Distinct())
            yield return Make("an automation on an event nobody emits", "unknown-event", "/automations/hook/on/0", b => b.With("/automations", $$"""{"hook": {"on": ["{{Misspelt(type)}}"], "actions": [{"do": "emit", "value": "hook.done"}]} }"""), type);
        yield return Make("an automation on an event of the engine's that is none", "unknown-event", "/automations/hook/on/0", b => b.With("/automations", """{"hook": {"on": ["wfm.project.move"], "actions": [{"do": "emit", "value": "hook.done"}]}}"""), "wfm.project.moved");
        yield return Make("an automation that waits for another event than it hears", "always-false", "/automations/hook/when", b => b.With("/automations", """
            {"hook": {"on": ["wfm.project.moved"], "when": {"==": [{"var": "event.type"}, "wfm.project.completed"]}, "actions": [{"do": "emit", "value": "hook.done"}]}}
            """));
    }

    // ---- alternatives ----

    private IEnumerable<Defect> Alternatives()
    {
        var number = _schema.Source["properties"].AsObject!.FirstOrDefault(p => p.Value["type"].AsText == "number" && p.Value["maximum"].IsNull).Key;
        foreach (var (key, transition) in Transitions.Where(t => t.Value!["from"]!.AsArray().Count == 1))
        {
            if (number is not null)
            {
                var more = $"{_at}/transitions/zz-more/conditions/more";
                yield return Make("alternatives that overlap", "transitions-overlap", more, b => b.With($"{_at}/transitions/zz-less", Copy(transition!, "less", $$"""{"<=": [{"var": "entity.{{number}}"}, 1000]}"""))
                    .With($"{_at}/transitions/zz-more", Copy(transition!, "more", $$"""{">=": [{"var": "entity.{{number}}"}, 1000]}""")));
            }

            yield return Make("one event for two transitions", "transitions-overlap", $"{_at}/transitions/zz-two", b => b
                .With($"{_at}/transitions/zz-one", Triggered(transition!)).With($"{_at}/transitions/zz-two", Triggered(transition!)));
        }
    }

    private static string Copy(JsonNode transition, string guard, string rule) => new JsonObject
    {
        ["from"] = transition["from"]!.DeepClone(),
        ["to"] = transition["to"]!.DeepClone(),
        ["conditions"] = JsonNode.Parse($$"""{"{{guard}}": {"rule": {{rule}}, "message": "m"} }"""),
    }.ToJsonString();

    private static string Triggered(JsonNode transition) => new JsonObject
    {
        ["from"] = transition["from"]!.DeepClone(),
        ["to"] = transition["to"]!.DeepClone(),
        ["trigger"] = "event",
        ["on"] = "wfm.project.started",
    }.ToJsonString();

    /// <summary>Swaps two letters in the middle.</summary>
    private static string Misspelt(string word)
    {
        for (var i = word.Length / 2; i < word.Length - 1; i++)
        {
            if (char.IsAsciiLetterLower(word[i]) && char.IsAsciiLetterLower(word[i + 1]) && word[i] != word[i + 1]) return word[..i] + word[i + 1] + word[i] + word[(i + 2)..];
        }

        return word + "x";
    }
}
