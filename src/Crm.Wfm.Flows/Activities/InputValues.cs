using System.Globalization;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Makes what an input's property holds out of what its expression gave.</summary>
internal static class InputValues
{
    private static readonly Dictionary<Type, (string Noun, Func<Value, object?> Make)> Makers = new()
    {
        [typeof(Value)] = ("value", value => value),
        [typeof(string)] = ("text", value => value.AsText ?? value.ToString()),
        [typeof(bool)] = ("truth value", value => Truth(value)),
        [typeof(int)] = ("whole number", value => Number(value) is { } number && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue ? (int)number : null),
        [typeof(double)] = ("number", value => Number(value)),
        [typeof(decimal)] = ("number", value => Number(value) is { } number && Math.Abs(number) < 1e28 ? (decimal)number : null),
        [typeof(Guid)] = ("id", value => Guid.TryParse(value.AsText, out var id) ? id : null),
        [typeof(DateTimeOffset)] = ("time such as 2026-01-31T09:00:00Z", value => Time(value.AsText)),
        [typeof(TimeSpan)] = ("duration such as P1D or PT8H", value => Duration(value.AsText)),
    };

    public static bool CanMake(Type type) => Core(type) is var core && (Makers.ContainsKey(core) || core.IsEnum || core == typeof(FlowVariable));

    /// <summary>Makes the value for a property; <c>false</c>, with what it should have been, where it cannot.</summary>
    public static bool TryMake(Value value, Type type, out object? made, out string noun)
    {
        var core = Core(type);
        (noun, var make) = core.IsEnum ? ($"one of {string.Join(", ", Enum.GetNames(core))}", v => Name(v.AsText, core)) : Makers[core];
        made = null;
        if (value.IsNull && core != typeof(Value) && core != typeof(bool)) return !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
        made = make(value);
        return made is not null;
    }

    private static Type Core(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    /// <summary>A text that says true or false means it, for Studio keeps literals as text; all else is as true as a rule finds it.</summary>
    public static bool Truth(Value value) => bool.TryParse(value.AsText, out var said) ? said : Truths.Holds(value);

    private static readonly Rule Truths = Rule.Compile(Value.Parse("""{"var":""}"""));

    private static double? Number(Value value) =>
        value.Kind == ValueKind.Number ? value.AsNumber
        : double.TryParse(value.AsText, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    // Elsa writes .NET's own form, 1.02:03:04.
    private static TimeSpan? Duration(string? text) => IsoDuration.Parse(text) ?? (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) ? duration : null);

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    // By name: Enum.Parse would take numbers too.
    private static object? Name(string? text, Type type) => Enum.GetNames(type).FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name ? Enum.Parse(type, name) : null;
}
