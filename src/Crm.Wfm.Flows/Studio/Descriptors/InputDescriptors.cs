using System.Globalization;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Derives how Studio edits an input from the property it sets.</summary>
internal static class InputDescriptors
{
    // What these editors write is JSON in a text.
    private static readonly string[] OfLists = ["checklist", "multitext", "dynamic-outcomes", "dictionary", "http-status-codes", "json-editor"];

    // What these write is no expression.
    private static readonly string[] Unwrapped = ["variable-picker", "flow-switch-editor", "switch-editor"];

    public static ElsaInput Of(ActivityInput input, int order, object? sample, IReadOnlyList<string> fixedOutcomes)
    {
        var hint = HintOf(input);
        return new(ElsaNames.Pascal(input.Name), TypeName(input.Property.PropertyType))
        {
            DisplayName = ElsaNames.Words(input.Name),
            Description = input.Description,
            Order = order,
            IsWrapped = !Unwrapped.Contains(hint),
            UiHint = hint,
            DefaultValue = DefaultOf(input, sample, hint),
            DefaultSyntax = SyntaxOf(input, hint),
            UiSpecifications = SpecificationsOf(hint, ChoicesOf(input), fixedOutcomes),
        };
    }

    /// <summary>Names a property's type as Elsa does; what is none of its short names is an object.</summary>
    public static string TypeName(Type type)
    {
        var core = Nullable.GetUnderlyingType(type) ?? type;
        return core.IsEnum || core == typeof(string) ? "String" : core == typeof(Value) || !core.IsValueType ? "Object" : core.Name;
    }

    private static string HintOf(ActivityInput input)
    {
        var type = Nullable.GetUnderlyingType(input.Property.PropertyType) ?? input.Property.PropertyType;
        if (input.Hint is { } hint) return hint is "switch-editor" || input.Name != "cases" ? hint : "flow-switch-editor";
        if (input.Name == "cases") return "switch-editor";
        if (type == typeof(FlowVariable)) return "variable-picker";
        if (input.Options.Count > 0 || type.IsEnum) return "dropdown";
        if (type == typeof(bool)) return "checkbox";
        return type == typeof(DateTimeOffset) ? "datetime-picker" : "singleline";
    }

    // What decides is hardly ever always the same.
    private static string SyntaxOf(ActivityInput input, string hint) =>
        OfLists.Contains(hint) ? "Object" : input.Name == "condition" && input.Property.PropertyType == typeof(bool) ? "JavaScript" : "Literal";

    private static List<ElsaChoice> ChoicesOf(ActivityInput input)
    {
        var type = Nullable.GetUnderlyingType(input.Property.PropertyType) ?? input.Property.PropertyType;
        var values = input.Options.Count > 0 ? input.Options : type.IsEnum ? Enum.GetNames(type) : [];
        return [.. values.Select(v => new ElsaChoice(ElsaNames.Words(v), v))];
    }

    private static Dictionary<string, object>? SpecificationsOf(string hint, List<ElsaChoice> choices, IReadOnlyList<string> fixedOutcomes) => hint switch
    {
        "dropdown" => new() { [hint] = new { selectList = new { items = choices, isFlagsEnum = false } } },
        "radiolist" => new() { [hint] = new { radioList = new { items = choices, isFlagsEnum = false } } },
        "checklist" => new() { [hint] = new { checkList = new { items = choices, isFlagsEnum = false } } },
        "code-editor" => new() { [hint] = new { language = "javascript", editorHeight = 1, singleLineMode = false } },
        "dynamic-outcomes" when fixedOutcomes.Count > 0 => new() { ["DynamicOutcomesOptions"] = new { fixedOutcomes } },
        _ => null,
    };

    // Shown only: what is not edited is not written, and the property keeps the very value.
    private static object? DefaultOf(ActivityInput input, object? sample, string hint)
    {
        if (sample is null || Unwrapped.Contains(hint)) return null;
        return input.Property.GetValue(sample) switch
        {
            bool truth => truth,
            TimeSpan time when time != TimeSpan.Zero => time.ToString("c", CultureInfo.InvariantCulture),
            Enum named => named.ToString(),
            int or double or decimal or string => input.Property.GetValue(sample),
            _ => null,
        };
    }
}
