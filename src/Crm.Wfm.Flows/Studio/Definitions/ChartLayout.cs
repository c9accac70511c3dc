using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Studio;

/// <summary>
/// Gives the activities of a flowchart that nobody has drawn yet a place of their own: Studio would draw them all on top of one another. They stand in columns, each to the right of what leads to it, and below what
/// has a place already. What is drawn stays where it is.
/// </summary>
internal static class ChartLayout
{
    private const int Column = 280;
    private const int Row = 120;

    /// <param name="activities">The chart's activities, in the order they are listed.</param>
    /// <param name="connections">Its connections in the nested form.</param>
    public static Value Place(Value activities, Value connections)
    {
        var items = activities.AsList.ToArray();
        var undrawn = Enumerable.Range(0, items.Length).Where(i => StudioDrawing.IsActivity(items[i]) && Position(items[i])["x"].Kind != ValueKind.Number).ToList();
        if (undrawn.Count == 0) return activities;
        var top = items.Select(i => Position(i)["y"]).Where(y => y.Kind == ValueKind.Number).Select(y => y.AsNumber + Row).DefaultIfEmpty(0).Max();
        foreach (var (item, (column, row)) in Cells(undrawn, items, connections)) items[item] = At(items[item], column * Column, top + row * Row);
        return Value.From(items);
    }

    // Each in the column after the last of those that lead to it, beside the first of them where that is free.
    private static Dictionary<int, (int Column, int Row)> Cells(List<int> undrawn, Value[] items, Value connections)
    {
        var byId = undrawn.ToLookup(i => items[i]["id"].AsText);
        var next = (from connection in connections.AsList.ToArray()
                    from source in byId[connection["source"]["activity"].AsText].Take(1)
                    from target in byId[connection["target"]["activity"].AsText].Take(1)
                    select (source, target)).Distinct().ToLookup(e => e.source, e => e.target);
        var cells = undrawn.ToDictionary(i => i, _ => (Column: 0, Row: 0));
        var free = new Dictionary<int, int>();
        var order = Order(undrawn, next);
        var rank = order.Index().ToDictionary(r => r.Item, r => r.Index);
        foreach (var item in order)
        {
            var (column, row) = cells[item];
            row = Math.Max(row, free.GetValueOrDefault(column));
            (cells[item], free[column]) = ((column, row), row + 1);
            foreach (var target in next[item].Where(t => rank[t] > rank[item]))
                if (cells[target].Column <= column) cells[target] = (column + 1, row);
        }

        return cells;
    }

    // What leads on comes before what it leads to; what leads back does not count.
    private static List<int> Order(List<int> undrawn, ILookup<int, int> next)
    {
        var targets = next.SelectMany(n => n).ToHashSet();
        var (done, seen) = (new List<int>(), new HashSet<int>());
        // What nothing leads to is left from first; what is on a circle alone, after it.
        var left = new Stack<(int Item, bool IsLeft)>(Enumerable.Reverse(undrawn).Concat(undrawn.Where(i => !targets.Contains(i))).Select(i => (i, false)));
        while (left.TryPop(out var top))
        {
            if (top.IsLeft) done.Add(top.Item);
            else if (seen.Add(top.Item))
            {
                left.Push((top.Item, true));
                foreach (var target in next[top.Item].Where(t => !seen.Contains(t))) left.Push((target, false));
            }
        }

        done.Reverse();
        return done;
    }

    private static Value Position(Value activity) => activity["metadata"]["designer"]["position"];

    private static Value At(Value activity, double x, double y)
    {
        var (metadata, designer) = (activity["metadata"].AsObject ?? FactObject.Empty, activity["metadata"]["designer"].AsObject ?? FactObject.Empty);
        var position = new FactObjectBuilder { ["x"] = Value.From(x), ["y"] = Value.From(y) }.Build();
        return Value.From(activity.AsObject!.With("metadata", Value.From(metadata.With("designer", Value.From(designer.With("position", Value.From(position)))))));
    }
}
