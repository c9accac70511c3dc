using System.Text.Json;
using Crm.Entities;
using Crm.Host.Activities;
using Crm.Host.Deals;
using Crm.Host.Leads;
using Crm.Host.Organizations;
using Crm.Host.People;
using Crm.Wfm;
using Microsoft.AspNetCore.WebUtilities;

namespace Crm.Host.Views;

/// <summary>Checks what a view asks for by the list it is of: what is kept can be listed.</summary>
internal static class ViewQueries
{
    public static async Task<IReadOnlyList<Fault>> CheckAsync(CrmDbContext db, string recordType, string query, IEnumerable<string> columns, CancellationToken ct)
    {
        var asked = new QueryCollection(QueryHelpers.ParseQuery(query));
        var faults = recordType switch
        {
            "deal" => await ListDeals.Listing.CheckAsync(asked, db, ct),
            "lead" => await ListLeads.Listing.CheckAsync(asked, db, ct),
            "person" => await ListPeople.Listing.CheckAsync(asked, db, ct),
            "organization" => await ListOrganizations.Listing.CheckAsync(asked, db, ct),
            _ => await ListActivities.Listing.CheckAsync(asked, db, ct),
        };
        var known = Members(recordType);
        return
        [
            .. faults.Select(f => f with { Pointer = "/query" }),
            .. columns.Index().Where(c => !known.Contains(c.Item) && !c.Item.StartsWith("custom.", StringComparison.Ordinal))
                .Select(c => new Fault($"/columns/{c.Index}", "unknown-column", $"{c.Item} is no member of a {recordType}; these are: {string.Join(", ", known)}, and custom.<key>.")),
        ];
    }

    private static HashSet<string> Members(string recordType)
    {
        var shown = recordType switch
        {
            "deal" => typeof(DealResponse),
            "lead" => typeof(LeadResponse),
            "person" => typeof(PersonResponse),
            "organization" => typeof(OrganizationResponse),
            _ => typeof(ActivityResponse),
        };
        return [.. shown.GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name))];
    }
}
