using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Crm.Host.Configuration;

/// <summary>The reference of all settings, made from the options classes: names, defaults, ranges, and what their documentation says.</summary>
internal static partial class SettingsReference
{
    private static readonly string[] Head =
    [
        "| setting | default | meaning |",
        "| --- | --- | --- |",
        "| `ConnectionStrings:Crm` | an embedded PostgreSQL, in Development or with `--embedded` | the application's login: no superuser, owner of nothing; granted `wfm_app` and `crm_app` by the migration |",
        "| `ConnectionStrings:CrmOwner` | the same | the login that migrates: may create roles and schemas. Used by `migrate` and a start in Development only |",
        "| `ASPNETCORE_ENVIRONMENT` | `Development` in a checkout, `Production` elsewhere | what else is on by default |",
        "| `urls` | `http://localhost:5080` | where to listen |",
    ];

    /// <summary>Writes it as a Markdown table.</summary>
    public static IEnumerable<string> Lines() => Head.Concat(OptionsSections.All.SelectMany(Rows));

    private static IEnumerable<string> Rows(OptionsSection section)
    {
        var defaults = Activator.CreateInstance(section.Options)!;
        var documentation = Documentation(section.Options.Assembly);
        return from property in section.Options.GetProperties()
               where property.CanWrite
               let meaning = documentation.GetValueOrDefault($"P:{section.Options.FullName}.{property.Name}", "")
               select $"| `{section.Name}:{property.Name}` | {Default(property.GetValue(defaults))} | {meaning}{Range(property)} |";
    }

    private static string Default(object? value) => value switch
    {
        null or "" => "",
        bool flag => flag ? "`true`" : "`false`",
        System.Collections.IEnumerable and not string => "",
        _ => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
    };

    private static string Range(PropertyInfo property) => property.GetCustomAttribute<RangeAttribute>() is { } range
        ? string.Create(CultureInfo.InvariantCulture, $" ({range.Minimum} to {range.Maximum})")
        : "";

    private static Dictionary<string, string> Documentation(Assembly assembly)
    {
        var file = Path.ChangeExtension(assembly.Location, ".xml");
        return XDocument.Load(file).Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, m => m.Element("summary") is { } summary ? Text(summary) : "");
    }

    // "Gets or sets whether …" is the language's; a reader of the table wants what follows.
    private static string Text(XElement summary)
    {
        var text = string.Concat(summary.Nodes().Select(n => n is XElement e ? $"`{e.Attribute("cref")?.Value.Split('.')[^1] ?? e.Attribute("langword")?.Value ?? e.Value}`" : n.ToString()));
        return Prefix().Replace(Space().Replace(text, " ").Trim(), "").TrimEnd('.').Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex("^Gets (or sets )?")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
