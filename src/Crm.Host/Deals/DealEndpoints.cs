using Crm.Wfm.Http;

namespace Crm.Host.Deals;

internal static class DealEndpoints
{
    public static void MapDeals(this IEndpointRouteBuilder api)
    {
        var deals = api.MapGroup("/deals").WithTags("Deals");
        deals.MapMovesOf("deal");
        var records = deals.MapGroup("").WithWfmRequests(writesInOneTransaction: true);
        ListDeals.Map(records);
        BulkReadDeals.Map(records);
        ShowDealBoard.Map(records);
        CreateDeal.Map(records);
        GetDeal.Map(records);
        UpdateDeal.Map(records);
        AssignDeal.Map(records);
        DeleteDeal.Map(records);
        RestoreDeal.Map(records);
    }
}
