using Crm.Wfm.Bundles;
using Crm.Wfm.Decisions.Grids;

namespace Crm.Wfm.Decisions.Analysis;

/// <summary>Looks at the tables of a decision, and tells what is wrong where it stands.</summary>
internal sealed class DecisionAnalysis(BundleDraft draft, Member place, Decision decision)
{
    public void Check()
    {
        if (decision.Kind == DecisionKind.Table)
        {
            new TableAnalysis(draft, place["rows"], decision.Tables[0], decision.Inputs).Check(hasGaps: IsSingle(decision.Tables[0]) && !place.Has("default"));
            return;
        }

        foreach (var (characteristic, table) in place["characteristics"].Items().Zip(decision.Tables))
            new TableAnalysis(draft, characteristic["rows"], table, decision.Inputs).Check(hasGaps: false);
        var score = new DecisionInput(Scorecard.Score, null, null, decision.Outputs[0].Schema);
        new TableAnalysis(draft, place["bands"], decision.Tables[^1], [score]).Check(hasGaps: place.Has("bands") && !place.Has("default"));
    }

    private static bool IsSingle(Table table) => table.Policy != HitPolicy.Collect;
}

/// <summary>Looks at one table: rows that never hit, that hit together where only one may, that stand behind others, and what all leave open.</summary>
internal sealed class TableAnalysis(BundleDraft draft, Member place, Table table, IReadOnlyList<DecisionInput> inputs)
{
    private const int MaxTold = 20;

    private readonly Grid _grid = table.Grid;
    private readonly Boxes _boxes = new(table.Grid);
    private readonly ulong[] _known = new ulong[table.Grid.Words];
    private readonly ulong[] _all = new ulong[table.Grid.Words];
    private int _told;

    public void Check(bool hasGaps)
    {
        for (var row = 0; row < table.Rows.Length; row++)
        {
            if (_boxes.Impossible(row) is { } input)
            {
                Tell(row, "never-hits", $"never hits: no value that '{inputs[input].Key}' may have is {table.Rows[row].Cells[input].Source}");
                continue;
            }

            RowSet.Add(_all, row);
            if (!table.Rows[row].HasRule) RowSet.Add(_known, row);
        }

        var coverage = new Coverage(_grid, _boxes);
        if (table.Policy is HitPolicy.Unique or HitPolicy.Priority) CheckOverlaps();
        if (table.StopsAtFirst) CheckReach(coverage);
        if (hasGaps) CheckGaps(coverage);
        if (_told > MaxTold) draft.Refuse(place, "too-many", $"{_told - MaxTold} more faults of rows are not told");
    }

    private void CheckOverlaps()
    {
        var unknown = new List<string>();
        for (var row = RowSet.Next(_all, 0); row >= 0; row = RowSet.Next(_all, row + 1))
        {
            var touching = _boxes.Touching(row);
            RowSet.Intersect(touching, _all);
            for (var other = RowSet.Next(touching, row + 1); other >= 0; other = RowSet.Next(touching, other + 1)) Compare(row, other, unknown);
        }

        if (unknown.Count > 0)
            draft.Warn(place, "not-analysed", $"nobody can tell beforehand whether these rows, of which one has a rule, hit together: {string.Join("; ", unknown.Take(5))}{(unknown.Count > 5 ? $" and {unknown.Count - 5} more" : "")}");
    }

    private void Compare(int row, int other, List<string> unknown)
    {
        var (one, two) = (table.Rows[row], table.Rows[other]);
        if (table.Policy == HitPolicy.Priority && (one.Rank != two.Rank || one.Answers.IsSame(two.Answers))) return;
        if (one.HasRule || two.HasRule) unknown.Add($"{one.Key} and {two.Key}");
        else if (table.Policy == HitPolicy.Unique) Tell(other, "overlap", $"hits together with '{one.Key}', where at most one row may: {Example(_boxes.Meeting(row, other))}");
        else Tell(other, "contradiction", $"has the priority of '{one.Key}', gives something else, and both hit: {Example(_boxes.Meeting(row, other))}");
    }

    private void CheckReach(Coverage coverage)
    {
        for (var row = RowSet.Next(_all, 0); row >= 0; row = RowSet.Next(_all, row + 1))
        {
            var before = Before(row);
            var covering = _boxes.Covering(row);
            RowSet.Intersect(covering, before);
            if (RowSet.Next(covering, 0) is >= 0 and var one) Tell(row, "unreachable-row", $"decides nothing: wherever it hits, '{table.Rows[one].Key}' counts before it");
            else if (RowSet.IsEmpty(before)) continue;
            else if (coverage.Search(before, row) is var cover and not Cover.Open) TellCover(row, cover, before);
        }
    }

    private void TellCover(int row, Cover cover, ulong[] before)
    {
        if (cover == Cover.Full) Tell(row, "unreachable-row", $"decides nothing: wherever it hits, one of these counts before it: {Names(before)}");
        else draft.Warn(place, "not-analysed", $"the rows overlap in too many ways to tell whether '{table.Rows[row].Key}' decides anything");
    }

    /// <summary>Gives the rows without rules that count before a row and share values with it.</summary>
    private ulong[] Before(int row)
    {
        var before = _boxes.Touching(row);
        RowSet.Intersect(before, _known);
        for (var later = RowSet.Next(before, row); later >= 0; later = RowSet.Next(before, later + 1)) RowSet.Remove(before, later);
        return before;
    }

    private void CheckGaps(Coverage coverage)
    {
        var cover = coverage.Search(_all, null);
        if (cover == Cover.Open) draft.Warn(place, "gap", $"no row hits, and there is no default: {Example(coverage.Point)}");
        else if (cover == Cover.Unknown) draft.Warn(place, "not-analysed", "the rows overlap in too many ways to tell whether they leave something open");
        else if (!_all.AsSpan().SequenceEqual(_known) && coverage.Search(_known, null) == Cover.Open)
            draft.Warn(place, "not-analysed", $"only rows with rules cover this, so nobody can tell beforehand whether one hits: {Example(coverage.Point)}");
    }

    private string Example(int[] point) => _boxes.Inputs.Count == 0 ? "whatever the inputs are"
        : string.Join(", ", _boxes.Inputs.Select(input => $"{inputs[input].Key} = {_grid.Axes[input]!.Probe(point[input])}"));

    private string Names(ulong[] rows)
    {
        var names = new List<string>();
        for (var row = RowSet.Next(rows, 0); row >= 0 && names.Count < 5; row = RowSet.Next(rows, row + 1)) names.Add(table.Rows[row].Key);
        return string.Join(", ", names) + (RowSet.Count(rows) is > 5 and var count ? $" and {count - 5} more" : "");
    }

    private void Tell(int row, string key, string message)
    {
        if (++_told <= MaxTold) draft.Refuse(place with { Pointer = table.Rows[row].Pointer }, key, message);
    }
}
