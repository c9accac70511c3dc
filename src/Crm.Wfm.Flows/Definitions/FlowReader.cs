using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Definitions;

/// <summary>Reads flows from Elsa 3 workflow definitions.</summary>
public static class FlowReader
{
    /// <summary>The most activities a flow may have.</summary>
    public const int MaxActivities = 1000;

    /// <summary>The most connections a flow may have.</summary>
    public const int MaxConnections = 3000;

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
        public FlowDefinition? Read(Place document)
        {
            var root = document["root"];
            if (root["type"].Text != "Elsa.Flowchart")
            {
                faults.Add(root["type"].Fault("unknown-root", "the root of a flow is an Elsa.Flowchart; others are not run yet"));
                return null;
            }

            if (IsTooMany(root["activities"], MaxActivities) || IsTooMany(root["connections"], MaxConnections)) return null;
            var activities = Activities(root["activities"]);
            return new()
            {
                DefinitionId = Required(document["definitionId"]) ?? "",
                Name = document["name"].Text,
                // Studio keeps them beside the root, code that builds flowcharts inside of it.
                Variables = [.. Variables(document["variables"]), .. Variables(root["variables"])],
                Inputs = [.. document["inputs"].Items().Select(Input)],
                Activities = activities,
                Connections = [.. Connections(root["connections"], [.. activities.Select(a => a.Id)])],
                Source = document.Value,
            };
        }

        private bool IsTooMany(Place list, int most)
        {
            if (list.Value.AsList.Length <= most) return false;
            faults.Add(list.Fault("too-many", $"a flow has at most {most} of them"));
            return true;
        }

        private List<ActivityDefinition> Activities(Place places)
        {
            var activities = new List<ActivityDefinition>();
            var ids = new HashSet<string>(StringComparer.Ordinal);
            foreach (var place in places.Items())
            {
                if (Required(place["id"]) is not { } id || Required(place["type"]) is not { } type) continue;
                if (!ids.Add(id)) faults.Add(place["id"].Fault("duplicate-id", $"another activity has the id '{id}' already"));
                activities.Add(new(id, type, place["name"].Text is { Length: > 0 } name ? name : id, place.Pointer, place.Value));
            }

            return activities;
        }

        private IEnumerable<FlowVariable> Variables(Place places)
        {
            foreach (var place in places.Items())
            {
                if (Required(place["name"]) is { } name) yield return new(place["id"].Text ?? name, name, TypeName(place["typeName"]), Default(place["value"], place));
            }
        }

        private FlowInput Input(Place place) => new(Required(place["name"]) ?? "", TypeName(place["type"]), Default(place["defaultValue"], place, "type"));

        private static string TypeName(Place place) => place.Text ?? "Object";

        private Value Default(Place value, Place owner, string typeMember = "typeName")
        {
            var (typeName, isArray) = (TypeName(owner[typeMember]), owner["isArray"].Value.AsBoolean);
            if ((isArray ? TypeNames.List(value.Value) : TypeNames.Convert(value.Value, typeName)) is { } converted) return converted;
            faults.Add(value.Fault("type", isArray ? "is no list" : $"is no {typeName}"));
            return Value.Null;
        }

        // Nested: {source: {activity, port}, target: {activity}}. Flat: source, sourcePort, target.
        private IEnumerable<Connection> Connections(Place places, HashSet<string> ids)
        {
            foreach (var place in places.Items())
            {
                var nested = place["source"].Value.AsObject is not null;
                var source = Known(nested ? place["source"]["activity"] : place["source"], ids);
                var target = Known(nested ? place["target"]["activity"] : place["target"], ids);
                var port = (nested ? place["source"]["port"] : place["sourcePort"]).Text;
                if (source is not null && target is not null) yield return new(source, port ?? "Done", target);
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
