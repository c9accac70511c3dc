using Crm.Wfm.Http;
using Microsoft.AspNetCore.Authentication;
using Shop.Orders;

namespace Shop;

public static class ShopWeb
{
    public static WebApplication Build(params string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.AddShop();
        builder.Services.AddAuthentication(StaffCard.Name).AddScheme<AuthenticationSchemeOptions, StaffCard>(StaffCard.Name, null);
        builder.Services.AddAuthorization();

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapWfm("/wfm");
        app.MapOrders();
        return app;
    }
}
