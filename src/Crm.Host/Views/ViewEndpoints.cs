using Crm.Wfm.Http;

namespace Crm.Host.Views;

internal static class ViewEndpoints
{
    public static void MapViews(this IEndpointRouteBuilder api)
    {
        var views = api.MapGroup("/views").WithTags("Views").WithWfmRequests(writesInOneTransaction: true);
        ListViews.Map(views);
        CreateView.Map(views);
        GetView.Map(views);
        UpdateView.Map(views);
        DeleteView.Map(views);
    }
}
