using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crm.Benchmarks.Import;

/// <summary>A bundle of one long workflow: a way through all steps, and a way out of each.</summary>
internal static class LargeBundle
{
    /// <summary>Rows a bundle becomes: its steps, their edges, and one each of bundle, version, project type and role.</summary>
    public static int Rows(int steps) => steps + Edges(steps) + 4;

    public static int Edges(int steps) => 2 * (steps - 1) - 1;

    /// <summary>Writes the bundle; another version has other content.</summary>
    public static byte[] Write(string key, int steps)
    {
        var (statuses, places, transitions) = (new JsonObject(), new JsonArray(), new JsonObject());
        for (var i = 0; i < steps; i++)
        {
            var last = i == steps - 1;
            statuses[Step(i)] = new JsonObject { ["category"] = last ? "done" : "open" };
            places.Add(new JsonObject { ["status"] = Step(i), [last ? "final" : "initial"] = last || i == 0 });
            if (!last) transitions[$"go-{i}"] = Transition(Step(i), Step(i + 1));
            if (i < steps - 2) transitions[$"stop-{i}"] = Transition(Step(i), Step(steps - 1));
        }

        var bundle = new JsonObject
        {
            ["apiVersion"] = "wfm/v1",
            ["kind"] = "ProcessBundle",
            ["bundle"] = new JsonObject { ["key"] = key, ["version"] = "1.0.0", ["defaultLanguage"] = "en" },
            ["roles"] = new JsonObject { [$"{key}-agent"] = new JsonObject() },
            ["subjects"] = new JsonObject { [key] = JsonNode.Parse("""{"schema":{"type":"object","properties":{"amount":{"type":"number"}}}}""") },
            ["projectTypes"] = new JsonObject { [key] = new JsonObject { ["subject"] = key, ["workflow"] = key, ["default"] = true } },
            ["statuses"] = statuses,
            ["workflows"] = new JsonObject { [key] = new JsonObject { ["steps"] = places, ["transitions"] = transitions } },
        };
        return JsonSerializer.SerializeToUtf8Bytes(bundle);

        JsonObject Transition(string from, string to) => new()
        {
            ["from"] = new JsonArray(from),
            ["to"] = to,
            ["allow"] = new JsonArray(new JsonObject { ["roles"] = new JsonArray($"{key}-agent") }),
            ["conditions"] = JsonNode.Parse("""{"amount":{"rule":{">":[{"var":"entity.amount"},0]},"message":"The amount is missing."}}"""),
        };
    }

    private static string Step(int number) => $"step-{number}";
}
