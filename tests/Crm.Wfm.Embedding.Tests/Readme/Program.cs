using System.Security.Claims;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Embedding.Tests.Readme;

/// <summary>The program of the package's README, run as it stands there.</summary>
internal static class Program
{
    public static async Task<WebApplication> StartAsync(params string[] args)
    {
        // README: Program.cs
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddDbContext<ShopContext>(o => o.UseNpgsql(builder.Configuration.GetConnectionString("Shop")));
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        builder.Services.AddAuthorization();

        builder.Services.AddWfm<ShopContext>(wfm => wfm
            .Govern<Order>("order", o => o.Id, o => new OrderFacts(o.Total, o.Currency, o.Customer.Name))
            .LoadBundles("processes"));

        var app = builder.Build();
        await app.MigrateWfmAsync();
        app.MapWfm("/wfm");
        // README end
        app.MapPost("/sign-in", (Guid id) => Results.SignIn(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, id.ToString())], "test"))));
        await app.StartAsync();
        return app;
    }
}
