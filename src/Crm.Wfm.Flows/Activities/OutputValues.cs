using System.Text.Json;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Makes a value of what an output's property holds.</summary>
internal static class OutputValues
{
    public static Value Of(object? output) => output switch
    {
        null => Value.Null,
        Value value => value,
        DateTimeOffset time => Value.From(time),
        _ => Value.From(JsonSerializer.SerializeToElement(output, JsonSerializerOptions.Web)),
    };
}
