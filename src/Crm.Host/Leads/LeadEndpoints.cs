using Crm.Wfm.Http;

namespace Crm.Host.Leads;

internal static class LeadEndpoints
{
    public static void MapLeads(this IEndpointRouteBuilder api)
    {
        var leads = api.MapGroup("/leads").WithTags("Leads");
        leads.MapMovesOf("lead");
        var records = leads.MapGroup("").WithWfmRequests(writesInOneTransaction: true);
        ListLeads.Map(records);
        BulkReadLeads.Map(records);
        ShowLeadBoard.Map(records);
        CreateLead.Map(records);
        GetLead.Map(records);
        UpdateLead.Map(records);
        AssignLead.Map(records);
        DeleteLead.Map(records);
        RestoreLead.Map(records);
        ConvertLead.Map(records);
    }
}
