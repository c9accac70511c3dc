using System.Runtime.CompilerServices;
using System.Text;

namespace Crm.Wfm.Rules;

/// <summary>Writes RFC 8785 canonical JSON: members in UTF-16 order, numbers as ECMAScript prints them, nothing escaped that need not be.</summary>
/// <remarks>A value nested so deeply that the stack would not hold throws <see cref="InsufficientExecutionStackException"/>, which can be caught; parsed JSON never is.</remarks>
public static class CanonicalJson
{
    /// <summary>Writes a value compactly. NaN and infinities become <c>null</c>.</summary>
    public static string Text(Value value)
    {
        var text = new StringBuilder();
        Write(text, in value, indent: -1);
        return text.ToString();
    }

    /// <summary>Writes a value for people: the same order and numbers, two spaces of indent, a line feed at the end.</summary>
    public static string Indented(Value value)
    {
        var text = new StringBuilder();
        Write(text, in value, indent: 0);
        return text.Append('\n').ToString();
    }

    /// <param name="text">Where to write.</param>
    /// <param name="value">What to write.</param>
    /// <param name="indent">Levels of indent; negative for compact text.</param>
    private static void Write(StringBuilder text, in Value value, int indent)
    {
        switch (value.Kind)
        {
            case ValueKind.Boolean: text.Append(value.AsBoolean ? "true" : "false"); break;
            case ValueKind.Number when double.IsFinite(value.AsNumber): WriteNumber(text, value.AsNumber); break;
            case ValueKind.Text: WriteText(text, value.AsText); break;
            case ValueKind.List: WriteList(text, value.AsList, indent); break;
            case ValueKind.Object: WriteObject(text, value.AsObject!, indent); break;
            default: text.Append("null"); break;
        }
    }

    private static void WriteNumber(StringBuilder text, double number) => text.Append(EcmaNumber.Write(number, stackalloc char[EcmaNumber.MaxLength]));

    private static void WriteList(StringBuilder text, ReadOnlySpan<Value> items, int indent)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var inner = indent < 0 ? indent : indent + 1;
        text.Append('[');
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) text.Append(',');
            NewLine(text, inner);
            Write(text, in items[i], inner);
        }

        if (items.Length > 0) NewLine(text, indent);
        text.Append(']');
    }

    private static void WriteObject(StringBuilder text, FactObject value, int indent)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var inner = indent < 0 ? indent : indent + 1;
        text.Append('{');
        for (var i = 0; i < value.Count; i++)
        {
            if (i > 0) text.Append(',');
            NewLine(text, inner);
            // A shape keeps its names in ordinal order, which is RFC 8785's order of UTF-16 code units.
            WriteText(text, value.Shape.Names[i]);
            text.Append(indent < 0 ? ":" : ": ");
            Write(text, in value.Slots[i], inner);
        }

        if (value.Count > 0) NewLine(text, indent);
        text.Append('}');
    }

    private static void NewLine(StringBuilder text, int indent)
    {
        if (indent >= 0) text.Append('\n').Append(' ', indent * 2);
    }

    private static void WriteText(StringBuilder text, ReadOnlySpan<char> content)
    {
        text.Append('"');
        while (FirstToEscape(content) is var at and >= 0)
        {
            text.Append(content[..at]);
            Escape(text, content[at]);
            content = content[(at + 1)..];
        }

        text.Append(content).Append('"');
    }

    private static int FirstToEscape(ReadOnlySpan<char> content)
    {
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] is < ' ' or '"' or '\\') return i;
        }

        return -1;
    }

    private static void Escape(StringBuilder text, char c)
    {
        _ = c switch
        {
            '\b' => text.Append("\\b"),
            '\t' => text.Append("\\t"),
            '\n' => text.Append("\\n"),
            '\f' => text.Append("\\f"),
            '\r' => text.Append("\\r"),
            '"' or '\\' => text.Append('\\').Append(c),
            _ => text.Append("\\u00").Append(Convert.ToHexStringLower([(byte)c])),
        };
    }
}
