using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Decisions.Reading;

/// <summary>Reads the characteristics of a scorecard and the bands of its score.</summary>
internal sealed class ScorecardReader(BundleDraft draft, Member place, IReadOnlyList<DecisionInput> inputs, IReadOnlyList<DecisionOutput> outputs)
{
    private static readonly JsonSchema Number = JsonSchema.Read(Value.Parse("""{"type": "number"}"""), [])!;
    private static readonly Shape Points = Shape.Of("points");

    private readonly RowReader _reader = new(draft, inputs, []);

    /// <summary>Gets the output every scorecard has.</summary>
    public static DecisionOutput Score { get; } = new(Scorecard.Score, null, Number);

    public Logic? Read()
    {
        if (!place.Has("characteristics"))
        {
            draft.Refuse(place["characteristics"], "required", "a scorecard has characteristics, whose points are added up");
            return null;
        }

        CheckOutputs();
        Keys.Check(draft, place["characteristics"]);
        var characteristics = place["characteristics"].Items().Select(ReadCharacteristic).ToList();
        var start = place["base"].Value.AsNumber;
        var score = new DecisionInput(Scorecard.Score, null, null, SchemaOf(start, characteristics));
        var reader = new RowReader(draft, [score], outputs);
        Keys.Check(draft, place["bands"]);
        var bands = new Table([score.Schema], place["bands"].Items().Select(band => new Row(band["key"].Text!, band.Pointer, reader.Cell(band["when"]), reader.Answers(band["then"]))), HitPolicy.Unique);
        var otherwise = place.Has("default") ? reader.Answers(place["default"]) : null;
        return new Scorecard(start, characteristics, bands, score, Shape.Of(outputs.Select(output => output.Key).Append(Scorecard.Score).Distinct()), otherwise);
    }

    private void CheckOutputs()
    {
        foreach (var output in place["outputs"].Items().Where(output => output["key"].Text == Scorecard.Score))
            draft.Refuse(output["key"], "duplicate-entry", "every scorecard has an output 'score' without saying so");
        if (outputs.Count > 0 && !place.Has("bands")) draft.Refuse(place["bands"], "required", "its outputs are what the band of the score gives");
        if (outputs.Count == 0 && place.Has("bands")) draft.Refuse(place["outputs"], "required", "bands give outputs");
        if (outputs.Count == 0 && place.Has("default")) draft.Refuse(place["default"], "not-allowed-here", "there is always a score");
    }

    private Characteristic ReadCharacteristic(Member characteristic)
    {
        Keys.Check(draft, characteristic["rows"]);
        var rows = characteristic["rows"].Items().Select(row =>
            new Row(row["key"].Text!, row.Pointer, _reader.Cells(row["when"]), new Answers(Points, [row["points"].Value], [null])));
        var weight = characteristic.Has("weight") ? characteristic["weight"].Value.AsNumber : 1;
        return new(characteristic["key"].Text!, weight, new Table([.. inputs.Select(input => input.Schema)], rows, HitPolicy.First), characteristic["otherwise"].Value.AsNumber);
    }

    /// <summary>Says what the score can be, so that bands leave open only what is reached.</summary>
    private static JsonSchema SchemaOf(double start, List<Characteristic> characteristics)
    {
        var ranges = characteristics.ConvertAll(c => c.Range());
        var isWhole = double.IsInteger(start) && characteristics.TrueForAll(c => c.IsWhole);
        return JsonSchema.Read(Value.From(new FactObjectBuilder
        {
            ["type"] = Value.From(isWhole ? "integer" : "number"),
            ["minimum"] = Value.From(start + ranges.Sum(range => range.Least)),
            ["maximum"] = Value.From(start + ranges.Sum(range => range.Most)),
        }.Build()), [])!;
    }
}
