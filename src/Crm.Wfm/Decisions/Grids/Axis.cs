using Crm.Wfm.Decisions.Cells;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Decisions.Grids;

/// <summary>
/// All values an input may have, parted where some cell of its column changes its answer: null, false, true, every number and text a cell names, what lies between
/// two of them, and everything else. Within a segment all values are alike to all cells, so one of them, the probe, stands for it.
/// </summary>
internal sealed class Axis
{
    private const int Kinds = 4;
    private const int Other = 3;

    private readonly double[] _numbers;
    private readonly string[] _texts;
    private readonly bool _orders;
    private readonly Value?[] _probes;
    private readonly bool[] _isPossible;

    public Axis(IReadOnlyCollection<Cell> cells, JsonSchema schema)
    {
        var borders = cells.SelectMany(cell => cell.Borders).Concat(BordersOf(schema.Source)).ToList();
        _numbers = [.. borders.Where(b => b.Kind == ValueKind.Number).Select(b => b.AsNumber + 0.0).Distinct().Order()];
        _texts = [.. borders.Where(b => b.Kind == ValueKind.Text).Select(b => b.AsText!).Distinct().Order(StringComparer.Ordinal)];
        _orders = cells.Any(cell => cell.OrdersTexts);
        _probes = new Value?[Kinds + 2 * _numbers.Length + 1 + 2 * _texts.Length + 1];
        _isPossible = new bool[_probes.Length];
        for (var segment = 0; segment < _probes.Length; segment++) Choose(segment, schema);
    }

    /// <summary>Gets how many segments there are.</summary>
    public int Count => _probes.Length;

    /// <summary>Gets a value of the segment; <c>null</c> where there is none.</summary>
    public Value? Probe(int segment) => _probes[segment];

    /// <summary>Tells whether the input's schema lets it be in the segment, as far as its probe tells.</summary>
    public bool IsPossible(int segment) => _isPossible[segment];

    /// <summary>Finds the segment of a value.</summary>
    public int Locate(in Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Null: return 0;
            case ValueKind.Boolean: return value.AsBoolean ? 2 : 1;
            case ValueKind.Number when !double.IsNaN(value.AsNumber): return Kinds + Position(Array.BinarySearch(_numbers, value.AsNumber + 0.0));
            case ValueKind.Text:
                var found = Array.BinarySearch(_texts, value.AsText, StringComparer.Ordinal);
                return FirstText + (found < 0 && !_orders ? 0 : Position(found));
            default: return Other;
        }
    }

    private int FirstText => Kinds + 2 * _numbers.Length + 1;

    // Borders have odd numbers, what lies before them the even ones below.
    private static int Position(int found) => found >= 0 ? 2 * found + 1 : 2 * ~found;

    private void Choose(int segment, JsonSchema schema)
    {
        foreach (var candidate in Candidates(segment).Where(candidate => Locate(in candidate) == segment))
        {
            _probes[segment] ??= candidate;
            if (schema.Validate(candidate).Count > 0) continue;
            (_probes[segment], _isPossible[segment]) = (candidate, true);
            return;
        }
    }

    private IEnumerable<Value> Candidates(int segment)
    {
        if (segment < Kinds) return segment switch { 0 => [Value.Null], 1 => [Value.False], 2 => [Value.True], _ => [Value.From([]), Value.From(FactObject.Empty)] };
        var isText = segment >= FirstText;
        var (index, isBorder) = Math.DivRem(segment - (isText ? FirstText : Kinds), 2);
        if (isBorder == 1) return [isText ? Value.From(_texts[index]) : Value.From(_numbers[index])];
        if (!isText) return Between.Numbers(index > 0 ? _numbers[index - 1] : null, index < _numbers.Length ? _numbers[index] : null).Select(Value.From);
        if (!_orders) return Between.Texts(_texts.LastOrDefault(), null).Select(Value.From);
        return Between.Texts(_texts.ElementAtOrDefault(index - 1), _texts.ElementAtOrDefault(index)).Select(Value.From);
    }

    /// <summary>Where a schema's own borders are, so that no segment lies half within it.</summary>
    private static IEnumerable<Value> BordersOf(Value schema) =>
        [.. schema["enum"].AsList, schema["const"], schema["minimum"], schema["maximum"], schema["exclusiveMinimum"], schema["exclusiveMaximum"]];
}
