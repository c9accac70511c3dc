using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Definitions;

/// <summary>Reads flows from Elsa 3 workflow definitions, whatever activities they have: whether those can be run is asked when the flow is published.</summary>
public static class FlowReader
{
    /// <summary>The most activities a flow may have.</summary>
    public const int MaxActivities = 2500;

    /// <summary>The most connections a flow may have.</summary>
    public const int MaxConnections = 7500;

    /// <summary>How deep activities may lie within each other.</summary>
    public const int MaxDepth = 16;

    /// <summary>Reads a flow, or tells what is wrong with it. Never throws for what the document holds.</summary>
    /// <param name="document">The definition.</param>
    /// <param name="faults">Receives every fault, with pointers relative to the definition.</param>
    /// <returns>The flow, or <c>null</c> when faults were added.</returns>
    public static FlowDefinition? Read(Value document, ICollection<Fault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var before = faults.Count;
        var flow = new Reading(faults).Read(new(document, ""));
        return faults.Count == before ? flow : null;
    }

    private sealed class Reading(ICollection<Fault> faults)
    {
        private int _activities;
        private int _connections;

        public FlowDefinition? Read(Place document)
        {
            var root = document["root"];
            if (!IsActivity(root.Value))
            {
                faults.Add(root.Fault("required", "the root of a flow is an activity: an object with a type"));
                return null;
            }

            var read = Activity(root, "Workflow1", depth: 0);
            if (read is null) return null;
            return new()
            {
                // Code that builds flows may leave it out.
                DefinitionId = document["definitionId"].Text ?? document["id"].Text ?? document["name"].Text ?? "flow",
                Id = document["id"].Text,
                Version = document["version"].Value is { Kind: ValueKind.Number } version ? (int)version.AsNumber : 1,
                Name = document["name"].Text,
                Description = document["description"].Text,
                Variables = [.. Variables(document["variables"])],
                Inputs = [.. document["inputs"].Items().Select(Input)],
                Outputs = [.. document["outputs"].Items().Select(o => Required(o["name"])).OfType<string>()],
                Outcomes = [.. document["outcomes"].Items().Select(o => o.Text).OfType<string>()],
                Root = read,
                Source = document.Value,
            };
        }

        private static bool IsActivity(Value value) => value.AsObject is not null && value["type"].AsText is { Length: > 0 } && value["expression"].IsNull;

        private ActivityDefinition? Activity(Place place, string parent, int depth)
        {
            if (++_activities == MaxActivities + 1) faults.Add(new("/root", "too-many", $"a flow has at most {MaxActivities} activities"));
            if (depth > MaxDepth) faults.Add(place.Fault("too-deep", $"activities lie at most {MaxDepth} deep in each other"));
            if (_activities > MaxActivities || depth > MaxDepth) return null;
            var type = place["type"].Text!;
            var id = place["id"].Text is { Length: > 0 } given ? given : place["nodeId"].Text?.Split(':')[^1] ?? $"{type}{_activities}";
            var nodeId = $"{parent}:{id}";
            List<ChildActivity> children = [.. Children(place, nodeId, depth)];
            HashSet<string> ids = [];
            foreach (var child in children)
                if (!ids.Add(child.Activity.Id)) faults.Add(child.Activity.Place["id"].Fault("duplicate-id", $"another activity has the id '{child.Activity.Id}' already"));
            return new(id, nodeId, type, place["name"].Text is { Length: > 0 } name ? name : id, place.Pointer, place.Value)
            {
                Children = children,
                Variables = type.Contains('.', StringComparison.Ordinal) ? [.. Variables(place["variables"])] : [],
                Connections = [.. Connections(place["connections"], ids)],
            };
        }

        /// <summary>Finds activities wherever a container of Elsa's keeps them: as a member, in a list of them, or in a list of things that have one, such as a switch's cases.</summary>
        private IEnumerable<ChildActivity> Children(Place place, string nodeId, int depth)
        {
            foreach (var (name, value) in place.Value.AsObject!)
            {
                if (name is "variables" or "metadata" or "customProperties" or "connections") continue;
                if (IsActivity(value) && (value["id"].AsText ?? value["nodeId"].AsText) is not null && Activity(place[name], nodeId, depth + 1) is { } child) yield return new(name, child);
                foreach (var item in place[name].Items())
                {
                    if (name == "activities" && !IsActivity(item.Value)) faults.Add(item["type"].Fault("required", "must be a text that is not empty"));
                    var (part, port) = IsActivity(item.Value) ? (item, name) : (item["activity"], $"{name}/{item.Pointer[(item.Pointer.LastIndexOf('/') + 1)..]}");
                    if (IsActivity(part.Value) && Activity(part, nodeId, depth + 1) is { } listed) yield return new(port, listed);
                }
            }
        }

        private IEnumerable<FlowVariable> Variables(Place places)
        {
            foreach (var place in places.Items())
            {
                if (Required(place["name"]) is { } name)
                    yield return new(place["id"].Text ?? name, name, TypeName(place["typeName"]), Default(place["value"], place), place["isArray"].Value.AsBoolean);
            }
        }

        private FlowInput Input(Place place) => new(Required(place["name"]) ?? "", TypeName(place["type"]), Default(place["defaultValue"], place, "type"), place["isArray"].Value.AsBoolean);

        private static string TypeName(Place place) => place.Text ?? "Object";

        private Value Default(Place value, Place owner, string typeMember = "typeName")
        {
            var (typeName, isArray) = (TypeName(owner[typeMember]), owner["isArray"].Value.AsBoolean);
            if (TypeNames.Convert(value.Value, typeName, isArray) is { } converted) return converted;
            faults.Add(value.Fault("type", isArray ? "is no list" : $"is no {typeName}"));
            return Value.Null;
        }

        // Nested: {source: {activity, port}, target: {activity}}. Flat: source, sourcePort, target.
        private IEnumerable<Connection> Connections(Place places, HashSet<string> ids)
        {
            foreach (var place in places.Items())
            {
                if (++_connections == MaxConnections + 1) faults.Add(new("/root", "too-many", $"a flow has at most {MaxConnections} connections"));
                if (_connections > MaxConnections) yield break;
                var nested = place["source"].Value.AsObject is not null;
                var source = Known(nested ? place["source"]["activity"] : place["source"], ids);
                var target = Known(nested ? place["target"]["activity"] : place["target"], ids);
                var port = (nested ? place["source"]["port"] : place["sourcePort"]).Text;
                if (source is not null && target is not null) yield return new(source, port ?? "Done", target, place.Pointer);
            }
        }

        private string? Known(Place place, HashSet<string> ids)
        {
            if (Required(place) is not { } id) return null;
            if (ids.Contains(id)) return id;
            faults.Add(place.Fault("unknown-reference", $"there is no activity '{id}'{Closest.Hint(id, ids)}"));
            return null;
        }

        private string? Required(Place place)
        {
            if (place.Text is { Length: > 0 } text) return text;
            faults.Add(place.Fault("required", "must be a text that is not empty"));
            return null;
        }
    }
}
