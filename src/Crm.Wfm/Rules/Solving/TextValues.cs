using Crm.Wfm.Patterns;

namespace Crm.Wfm.Rules.Solving;

/// <summary>Texts that stand for all others: those that are compared with, what lies next to them in order, made-up ones, and none.</summary>
internal sealed class TextValues(SchemaHints hints, Candidates all, DateTimeOffset anchor)
{
    private static readonly Dictionary<string, string[]> OfFormat = new()
    {
        ["email"] = ["name@example.com", "other@example.com"],
        ["uri"] = ["https://example.com/", "https://example.com/other", "http://example.com/"],
        ["uuid"] = ["00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"],
        ["time"] = ["09:00:00Z", "10:00:00Z"],
        ["duration"] = ["P1D", "P2D"],
        ["json-pointer"] = ["/a", "/b"],
    };

    public void Add(Boundaries found, Value? present)
    {
        if (hints.Formats.Contains("date") || hints.Formats.Contains("date-time")) AddTimes(found, present);
        else AddPlain(found);
        foreach (var format in hints.Formats) all.AddRange(OfFormat.GetValueOrDefault(format, []).Select(Value.From), Candidates.MadeUp);
        foreach (var pattern in hints.Patterns) all.AddRange(PatternExamples.Of(pattern, hints.MinLength).Select(Value.From), Candidates.MadeUp);
        AddShapes(found);
        all.Add(Value.From(""), Candidates.Empty - 1);
    }

    private void AddTimes(Boundaries found, Value? present)
    {
        var times = found.Times.Append(anchor);
        if (Moments.Read(present?.AsText) is { } now) times = times.Append(now);
        foreach (var time in times.Distinct().ToList())
        {
            for (var days = -1; days <= 1; days++)
            {
                if (Moments.Shift(time, TimeSpan.FromDays(days)) is not { } day) continue;
                all.Add(Value.From(Moments.Date(day)), Candidates.Plain);
                all.Add(Value.From(FactTime.Text(day)), Candidates.Plain + 1);
                if (days != 0 && Moments.Shift(time, TimeSpan.FromMilliseconds(days)) is { } moment) all.Add(Value.From(FactTime.Text(moment)), Candidates.Odd);
            }
        }
    }

    private void AddPlain(Boundaries found)
    {
        foreach (var number in found.Numbers)
        {
            foreach (var near in (double[])[number, Math.Floor(number) + 1, Math.Ceiling(number) - 1, Math.BitIncrement(number), Math.BitDecrement(number)]) all.Add(Value.From(Value.From(near).ToString()), Candidates.Odd);
        }

        foreach (var time in found.Times)
        {
            for (var days = -1; days <= 1; days++)
            {
                if (Moments.Shift(time, TimeSpan.FromDays(days)) is { } day) all.AddRange([Value.From(Moments.Date(day)), Value.From(FactTime.Text(day))], Candidates.Odd);
            }
        }

        if (found.IsOrdered)
        {
            foreach (var text in found.Values.Select(v => v.AsText).OfType<string>().Where(t => t.Length > 0)) all.AddRange(Neighbours(text).Select(Value.From), Candidates.Odd);
        }

        foreach (var word in (string[])["text", "other", "x"]) all.Add(Value.From(Fit(word)), Candidates.MadeUp);
    }

    private static IEnumerable<string> Neighbours(string text)
    {
        yield return text + " ";
        yield return text + "x";
        if (text[^1] < '\uD000') yield return text[..^1] + (char)(text[^1] + 1);
        if (text[^1] is > '!' and < '\uD000') yield return text[..^1] + (char)(text[^1] - 1);
        if (text.Length > 1) yield return text[..^1];
    }

    private void AddShapes(Boundaries found)
    {
        foreach (var (shape, text) in found.Shapes)
        {
            var made = shape switch
            {
                TextShape.Start => (string[])[text, text + "example.com/", text + "text", text + Fit("text")],
                TextShape.End => [text, "text" + text, "name" + text, "https://example.com/" + text],
                TextShape.Within => [text, "text " + text, text + " text"],
                _ => [.. PatternExamples.Of(text, hints.MinLength)],
            };
            all.AddRange(made.Select(Value.From), Candidates.Odd);
        }
    }

    /// <summary>Makes a word as long as it has to be and no longer than it may be.</summary>
    private string Fit(string word)
    {
        if (hints.MaxLength is { } most && word.Length > most) word = word[..most];
        return word.Length < hints.MinLength && hints.MinLength <= 10_000 ? word.PadRight(hints.MinLength, '.') : word;
    }
}
