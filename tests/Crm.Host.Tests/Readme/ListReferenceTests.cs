using Crm.Host.Activities;
using Crm.Host.Deals;
using Crm.Host.Leads;
using Crm.Host.Lists;
using Crm.Host.Notes;
using Crm.Host.Organizations;
using Crm.Host.People;

namespace Crm.Host.Tests.Readme;

/// <summary>The page about lists against what is declared.</summary>
public sealed class ListReferenceTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "lists.md"));

    public static TheoryData<string> Rows =>
    [
        Row("deals", ListDeals.Listing), Row("leads", ListLeads.Listing), Row("people", ListPeople.Listing), Row("organizations", ListOrganizations.Listing),
        Row("activities", ListActivities.Listing), Row("notes", ListNotes.Listing),
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Everything_a_list_can_be_asked_is_on_the_page(string row) => Page.ShouldContain(row, Case.Sensitive);

    [Fact]
    public void Every_type_is_on_the_page_with_its_operators()
    {
        foreach (var type in new FieldType[] { FieldTypes.Text, FieldTypes.Key, FieldTypes.Id, FieldTypes.Number, FieldTypes.YesNo })
        {
            Page.ShouldMatch($@"\| {type.Name} \| .* \| {string.Join(", ", type.Operators.Select(o => $"`{o}`"))} \|");
        }
    }

    private static string Row<T>(string list, Listing<T> listing)
        where T : class
    {
        var filters = listing.Fields.GroupBy(f => f.Type.Name).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key}: {Names(g.Select(f => f.Name))}");
        return $"| {list} | {string.Join("; ", filters)}{(listing.CustomFieldsOf is null ? "" : "; `custom.<key>`")} | {Names(listing.Sorts.Select(s => s.Name))} |";
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"`{n}`"));
}
