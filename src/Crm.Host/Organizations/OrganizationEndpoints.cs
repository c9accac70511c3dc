using Crm.Wfm.Http;

namespace Crm.Host.Organizations;

internal static class OrganizationEndpoints
{
    public static void MapOrganizations(this IEndpointRouteBuilder api)
    {
        var organizations = api.MapGroup("/organizations").WithTags("Organizations");
        var records = organizations.MapGroup("").WithWfmRequests(writesInOneTransaction: true);
        ListOrganizations.Map(records);
        BulkReadOrganizations.Map(records);
        CreateOrganization.Map(records);
        GetOrganization.Map(records);
        UpdateOrganization.Map(records);
        AssignOrganization.Map(records);
        DeleteOrganization.Map(records);
        RestoreOrganization.Map(records);
    }
}
