using System.Globalization;
using System.Text;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>Writes the reference of the bundle format as Markdown, from the schema that is enforced.</summary>
public sealed class BundleReference
{
    private readonly StringBuilder _page = new();
    private readonly Value _schema = BundleReader.Schema.Source;

    private BundleReference()
    {
    }

    /// <summary>Writes tables of all members, under headings of the third level.</summary>
    public static string Markdown() => new BundleReference().Write();

    private string Write()
    {
        Begin("The file", _schema);
        foreach (var (name, member) in _schema["properties"].AsObject!) Row(name, member, Required(_schema), HasMembers(member) ? $"[{name}](#{name.ToLowerInvariant()})" : Kind(member));
        foreach (var (name, member) in _schema["properties"].AsObject!.Where(m => HasMembers(m.Value))) Section($"`{name}`", member);
        foreach (var (name, part) in _schema["$defs"].AsObject!.Where(d => HasMembers(d.Value))) Section(Heading(name), part);
        _page.Append("\n### Values\n\n| kind | what it is |\n| --- | --- |\n");
        foreach (var (name, part) in _schema["$defs"].AsObject!.Where(d => !HasMembers(d.Value) && d.Key is not ("extension" or "memberName")))
            _page.Append(CultureInfo.InvariantCulture, $"| {Heading(name)} | {Sentence(part["description"].AsText)}{(Kind(part) is { Length: > 0 } kind ? $" {Capital(kind)}." : "")} |\n");
        return _page.ToString();
    }

    private void Section(string heading, Value schema)
    {
        _page.Append('\n');
        Begin(heading, schema);
        Rows("", schema);
    }

    private void Begin(string heading, Value schema) =>
        _page.Append(CultureInfo.InvariantCulture, $"### {heading}\n\n{Sentence(schema["description"].AsText)}\n\n| member | | what it holds | value |\n| --- | --- | --- | --- |\n");

    /// <summary>Writes what an object has; of a collection, what each element has, as <c>KEY.member</c> or <c>N.member</c>.</summary>
    private void Rows(string path, Value schema)
    {
        foreach (var (name, member) in schema["properties"].AsObject ?? FactObject.Empty)
        {
            Row(path + name, member, Required(schema), Kind(member));
            Rows($"{path}{name}.", member);
        }

        if (schema["properties"].AsObject is not null) return;
        if (schema["additionalProperties"].AsObject is not null) Rows($"{path}KEY.", schema["additionalProperties"]);
        if (schema["items"].AsObject is not null) Rows($"{path}N.", schema["items"]);
    }

    private void Row(string path, Value member, HashSet<string?> required, string kind) =>
        _page.Append(CultureInfo.InvariantCulture, $"| `{path}` | {(required.Contains(path.Split('.')[^1]) ? "required" : "")} | {Sentence(member["description"].AsText)} | {kind}{Default(member)} |\n");

    private static HashSet<string?> Required(Value schema) => schema["required"].AsList.ToArray().Select(r => r.AsText).ToHashSet();

    private static bool HasMembers(Value schema) => schema["properties"].AsObject is not null || (schema["additionalProperties"].AsObject is not null && HasMembers(schema["additionalProperties"]))
        || (schema["items"].AsObject is not null && HasMembers(schema["items"]));

    private string Kind(Value schema)
    {
        if (schema["$ref"].AsText is { } reference) return reference.StartsWith('#') ? Link(reference.Split('/')[^1]) : "[JSON Schema](#json-schema-subset)";
        if (!schema["const"].IsNull) return $"`{Escaped(schema["const"].ToString())}`";
        if (schema["enum"].AsList is { Length: > 0 } choices) return "one of " + string.Join(", ", choices.ToArray().Select(c => $"`{c.AsText}`"));
        if (schema["oneOf"].AsList is { Length: > 0 } either && schema["properties"].IsNull) return string.Join(", or ", either.ToArray().Select(Kind));
        return (schema["type"].AsText ?? (schema["x-key"].IsNull ? "" : "array")) switch
        {
            "array" => $"{(schema["uniqueItems"].AsBoolean ? "set" : "list")}{(Kind(schema["items"]) is { Length: > 0 } item ? $" of {item}" : "")}",
            "object" when schema["additionalProperties"].AsObject is not null => $"{Kind(schema["additionalProperties"])} by {(Kind(schema["propertyNames"]) is { Length: > 0 } key ? key : "key")}",
            "object" => "object",
            "string" => $"text{Limits(schema)}",
            "integer" => $"whole number{Limits(schema)}",
            var other => other is "" ? "" : $"{other}{Limits(schema)}",
        };
    }

    private static string Limits(Value schema)
    {
        var parts = new List<string>();
        if (schema["format"].AsText is { } format) parts.Add(format);
        if (!schema["minimum"].IsNull || !schema["maximum"].IsNull) parts.Add($"{schema["minimum"]} to {schema["maximum"]}");
        if (!schema["maxLength"].IsNull) parts.Add($"at most {schema["maxLength"]} characters");
        if (schema["pattern"].AsText is { } pattern) parts.Add($"`{Escaped(pattern)}`");
        return parts.Count == 0 ? "" : $" ({string.Join(", ", parts)})";
    }

    private static string Default(Value schema) => schema.AsObject?.Has("default") == true && schema["default"].Kind != ValueKind.Object ? $"; `{schema["default"].AsText ?? schema["default"].ToString()}` when left out" : "";

    private string Link(string name) => name switch
    {
        "memberName" => "key",
        "extension" => "anything",
        _ when HasMembers(_schema["$defs"][name]) => $"[{Heading(name)}](#{Heading(name)})",
        _ => $"[{Heading(name).ToLowerInvariant()}](#values)",
    };

    private static string Heading(string name) => string.Concat(name.Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));

    private static string Sentence(string? text) => text is null ? "" : Capital(Escaped(text)) + (text.EndsWith('.') ? "" : ".");

    private static string Capital(string text) => text.Length > 0 ? char.ToUpperInvariant(text[0]) + text[1..] : text;

    private static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal);
}
