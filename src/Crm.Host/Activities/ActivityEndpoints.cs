using Crm.Wfm.Http;

namespace Crm.Host.Activities;

internal static class ActivityEndpoints
{
    public static void MapActivities(this IEndpointRouteBuilder api)
    {
        var activities = api.MapGroup("/activities").WithTags("Activities").WithWfmRequests(writesInOneTransaction: true);
        ListActivities.Map(activities);
        BulkReadActivities.Map(activities);
        CreateActivity.Map(activities);
        GetActivity.Map(activities);
        UpdateActivity.Map(activities);
        CompleteActivity.Map(activities);
        DeleteActivity.Map(activities);
        RestoreActivity.Map(activities);
        GetAgenda.Map(api.MapGroup("/me").WithTags("Activities").WithWfmRequests());
    }
}
