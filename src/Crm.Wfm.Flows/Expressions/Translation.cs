using System.Text.RegularExpressions;

namespace Crm.Wfm.Flows.Expressions;

/// <summary>Says what to write in place of an expression in a language that is not run here: where it is simple, the very text.</summary>
internal static partial class Translation
{
    private const int MostSuggested = 500;

    /// <summary>Words a suggestion.</summary>
    public static string Suggest(string kind, string text)
    {
        var (language, translated) = kind switch
        {
            "CSharp" => ("JavaScript", CSharp(text)),
            "Python" => ("JavaScript", Python(text)),
            "Liquid" => ("Handlebars", Liquid(text)),
            _ => ("JavaScript", null),
        };
        if (translated is not null && translated.Length <= MostSuggested && Runs(language, translated)) return $"write {language}: {translated}";
        return kind switch
        {
            "CSharp" or "Python" => "write JavaScript, or JsonLogic for a decision",
            "Liquid" => "write Handlebars, which has the same braces: {{variables.Name}}, {{#if input.X}}…{{/if}}, {{#each variables.List}}…{{/each}}",
            _ => "write JavaScript or JsonLogic for a value, Handlebars for a text",
        };
    }

    private static bool Runs(string language, string text) => language == "JavaScript" ? Script.TryCompile(text, out _, out _) : Template.TryCompile(text, out _, out _);

    // Only what means the same in both: accessors, literals, operators, interpolated texts, and a few members of texts and lists.
    private static string? CSharp(string text)
    {
        var script = text.Trim().TrimEnd(';');
        script = Interpolated().Replace(script, m => $"`{Hole().Replace(m.Groups[1].Value, h => "${" + h.Groups[1].Value + "}")}`");
        script = GenericGet().Replace(script, m => $"get{(m.Groups[1].Value is "Variable" or "Input" ? m.Groups[1].Value : "Variable")}(");
        script = VariablesSet().Replace(script, "set$1($2)");
        script = VariablesGet().Replace(script, "get$1()");
        script = Regex.Replace(script, @"\b(\d+(?:\.\d+)?)[mMdDfFlL]\b", "$1");
        script = Regex.Replace(script, @"\bInputs?\.(\w+)", "getInput(\"$1\")");
        foreach (var (from, to) in new[]
                 {
                     (".ToString()", ".toString()"), (".ToUpper()", ".toUpperCase()"), (".ToLower()", ".toLowerCase()"), (".ToUpperInvariant()", ".toUpperCase()"), (".ToLowerInvariant()", ".toLowerCase()"), (".Trim()", ".trim()"),
                     (".Contains(", ".includes("), (".StartsWith(", ".startsWith("), (".EndsWith(", ".endsWith("), (".Length", ".length"), (".Count()", ".length"), (".Count", ".length"), (".Replace(", ".replaceAll("), (".Split(", ".split("),
                     (".Select(", ".map("), (".Where(", ".filter("), (".Any(", ".some("), (".All(", ".every("), (".ToList()", ""), (".ToArray()", ""), ("string.IsNullOrEmpty(", "isNullOrEmpty("), ("string.IsNullOrWhiteSpace(", "isNullOrWhiteSpace("),
                     ("DateTime.UtcNow", "new Date()"), ("DateTimeOffset.UtcNow", "new Date()"), ("DateTime.Now", "new Date()"), ("Guid.NewGuid()", "newGuid()"), ("Math.Round(", "Math.round("), ("Math.Max(", "Math.max("), ("Math.Min(", "Math.min("),
                 }) script = script.Replace(from, to, StringComparison.Ordinal);
        return CSharpOnly().IsMatch(script) ? null : script;
    }

    private static string? Python(string text)
    {
        var script = Regex.Replace(Regex.Replace(text.Trim(), @"\bvariables\.(\w+)\b(?!\s*=[^=])", "variables.$1"), @"\b(True|False|None|and|or|not)\b",
            m => m.Value switch { "True" => "true", "False" => "false", "None" => "null", "and" => "&&", "or" => "||", _ => "!" });
        return text.Contains('\n', StringComparison.Ordinal) || Regex.IsMatch(script, @"\b(lambda|if|else|for|in|is|def|import|len|str|int|f['""])\b|:$|\bf[""']") ? null : script;
    }

    private static string? Liquid(string text)
    {
        if (LiquidOnly().IsMatch(text)) return null;
        var template = Regex.Replace(text, @"\{\{-?\s*Variables\.", "{{variables.");
        template = Regex.Replace(template, @"\{\{-?\s*Input\.", "{{input.");
        return Regex.Replace(template, @"\s*-?\}\}", "}}");
    }

    [GeneratedRegex(@"\$""((?:[^""\\]|\\.)*)""")]
    private static partial Regex Interpolated();

    [GeneratedRegex(@"\{([^{}:]+)\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"\b(?:\w+\.)?Get(Variable|Input)?<[^<>]+>\(")]
    private static partial Regex GenericGet();

    [GeneratedRegex(@"\bVariables?\.(\w+)\s*=(?!=)\s*(.+)$")]
    private static partial Regex VariablesSet();

    [GeneratedRegex(@"\bVariables?\.(\w+)")]
    private static partial Regex VariablesGet();

    [GeneratedRegex(@"\b(?:var|new (?!Date\b)|typeof|is |as |await|using|out|ref|foreach|decimal|int|double|string|bool|object|dynamic)\b|\$""|@""|<\w+>|\.(?:First|Last|Single|OrderBy|Sum|Add|Parse|TryParse|Format|Substring)\b|'\w'")]
    private static partial Regex CSharpOnly();

    [GeneratedRegex(@"\{%|\||\[")]
    private static partial Regex LiquidOnly();
}
