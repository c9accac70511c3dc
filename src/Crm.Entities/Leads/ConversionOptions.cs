using System.Text.Json;
using System.Text.Json.Serialization;
using Crm.Wfm;
using Crm.Wfm.Rules;

namespace Crm.Entities.Leads;

/// <summary>What may be said of a conversion: the input of the transition that converts. All else comes from the lead.</summary>
/// <param name="DealName">The deal's name; left out: the company's, or the lead's own.</param>
/// <param name="Amount">What the deal is worth; left out: the lead's budget.</param>
/// <param name="Currency">The amount's currency; left out: the lead's.</param>
/// <param name="OrganizationId">The organization it is about; left out: the one <paramref name="PersonId"/> works at, else a new one by the company's name.</param>
/// <param name="PersonId">The contact person; left out: a new one by the lead's name.</param>
public sealed record ConversionOptions(string? DealName = null, decimal? Amount = null, string? Currency = null, Guid? OrganizationId = null, Guid? PersonId = null)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Web) { NumberHandling = JsonNumberHandling.Strict };

    /// <summary>Reads the input of a move. Members that are none of these are the process's own.</summary>
    /// <returns><c>null</c> with a fault where the process let a value of another type pass.</returns>
    internal static ConversionOptions? Read(Value input, out Fault? fault)
    {
        fault = null;
        if (input.IsNull) return new();
        try
        {
            return input.ToJson().Deserialize<ConversionOptions>(Options);
        }
        catch (JsonException e)
        {
            fault = new("/input" + (e.Path ?? "$")[1..].Replace('.', '/'), "type", "is not of the type a conversion needs");
            return null;
        }
    }
}
