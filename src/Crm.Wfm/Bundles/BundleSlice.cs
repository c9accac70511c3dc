using System.Diagnostics;
using Crm.Wfm.Decisions.Reading;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>Cuts one workflow out of a bundle, with everything it needs and nothing else, so that it can be kept as a version of its own.</summary>
internal sealed class BundleSlice(Bundle bundle, string workflow)
{
    private readonly Member _root = new("", bundle.Document, "");

    public Value Document()
    {
        var types = bundle.ProjectTypes.Values.Where(type => type.Workflow == workflow).ToList();
        var place = _root["workflows"][workflow];
        var slice = new FactObjectBuilder
        {
            ["apiVersion"] = _root["apiVersion"].Value,
            ["kind"] = _root["kind"].Value,
            ["bundle"] = Head(),
            ["workflows"] = Object([new(workflow, place.Value)]),
            ["projectTypes"] = Object(types.Select(type => KeyValuePair.Create(type.Key, ProjectType(type)))),
        };
        Keep(slice, "statuses", place["steps"].Items().Select(step => step["status"].Text));
        Keep(slice, "subjects", types.Select(type => type.Subject));
        Keep(slice, "roles", Roles(place));
        Keep(slice, "calendars", place["steps"].Items().Select(step => step["sla"]["calendar"].Text));
        var decisions = Decisions(place);
        Keep(slice, "decisions", decisions);
        Keep(slice, "params", Params(place, decisions));
        return Value.From(slice.Build());
    }

    /// <summary>Hashes what decides about moves; under which version it was published, on what it was built and which type is the default do not.</summary>
    public string Hash()
    {
        var slice = Document();
        var types = slice["projectTypes"].AsObject!.Select(type => KeyValuePair.Create(type.Key, type.Value.Without(["default"])));
        var content = slice.AsObject!.With("bundle", slice["bundle"].Without(["version", "requires"])).With("projectTypes", Object(types));
        return ContentHash.Of(Value.From(content), []);
    }

    private Value Head()
    {
        var head = new FactObjectBuilder
        {
            ["key"] = Value.From(bundle.Key),
            ["version"] = Value.From(bundle.Version),
            ["defaultLanguage"] = Value.From(bundle.DefaultLanguage),
        };
        if (bundle.Requires.Count > 0) head["requires"] = _root["bundle"]["requires"].Value;
        return Value.From(head.Build());
    }

    /// <summary>Writes out whether a type is the default: alone in a slice, one that is not would pass for it.</summary>
    private Value ProjectType(ProjectType type) => Value.From(_root["projectTypes"][type.Key].Value.AsObject!.With("default", Value.From(type.Default)));

    private void Keep(FactObjectBuilder slice, string member, IEnumerable<string?> keys)
    {
        var used = keys.ToHashSet(StringComparer.Ordinal);
        var kept = _root[member].Members().Where(m => used.Contains(m.Name)).Select(m => KeyValuePair.Create(m.Name, m.Value)).ToList();
        if (kept.Count > 0) slice[member] = Object(kept);
    }

    private static IEnumerable<string?> Roles(Member workflow) =>
        workflow["transitions"].Members()
            .SelectMany(t => t["allow"].Items().Select(a => a["roles"]).Append(t["approvals"]["roles"]))
            .SelectMany(roles => roles.Items()).Select(role => role.Text)
            .Concat(workflow["steps"].Items().Select(step => step["sla"]["escalate"].Text));

    /// <summary>Finds the decisions that its rules read, and those that these read.</summary>
    private HashSet<string> Decisions(Member workflow)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var next = new Queue<string>(RulePlaces.OfWorkflow(workflow).SelectMany(rule => DecisionRules.ReadBy(rule.Place.Value)));
        while (next.TryDequeue(out var key))
        {
            if (!bundle.Decisions.TryGetValue(key, out var decision) || !used.Add(key)) continue;
            foreach (var read in DecisionRules.ReadBy(decision.Source)) next.Enqueue(read);
        }

        return used;
    }

    /// <summary>Finds the params the rules name; all of them, where a rule takes <c>param</c> as a whole or computes what it reads.</summary>
    private IEnumerable<string?> Params(Member workflow, HashSet<string> decisions)
    {
        var rules = RulePlaces.OfWorkflow(workflow).Select(rule => rule.Place).Concat(decisions.SelectMany(key => DecisionRules.Of(_root["decisions"][key])))
            .Select(place => Rule.TryCompile(place.Value, [], bundle.Find, out var rule) ? rule : throw new UnreachableException()).ToList();
        var paths = rules.SelectMany(rule => rule.Variables).ToHashSet(StringComparer.Ordinal);
        return paths.Contains("param") || rules.Exists(rule => rule.ReadsComputed)
            ? _root["params"].Names()
            : paths.Select(path => path.Split('.')).Where(path => path is ["param", _, ..]).Select(path => path[1]);
    }

    private static Value Object(IEnumerable<KeyValuePair<string, Value>> members)
    {
        var builder = new FactObjectBuilder();
        foreach (var (name, value) in members) builder[name] = value;
        return Value.From(builder.Build());
    }
}
