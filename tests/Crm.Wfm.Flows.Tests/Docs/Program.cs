using System.Security.Claims;
using Crm.Wfm.Flows.Http;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Studio;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Tests.Docs;

/// <summary>The program of the package's README, run as it stands there.</summary>
internal static class Program
{
    public static async Task<WebApplication> StartAsync(params string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddDbContext<ShopContext>(o => o.UseNpgsql(builder.Configuration.GetConnectionString("Shop")));
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        builder.Services.AddAuthorization();
        // PAGE
        builder.Services.AddWfm<ShopContext>(wfm => wfm
            .LoadBundles("processes")
            .AddFlows()
            .AddFlowActivity<ReserveStock>());

        var app = builder.Build();
        await app.MigrateWfmAsync();
        await app.MigrateFlowsAsync();
        app.MapWfm("/wfm");
        app.MapFlows("/wfm");
        app.MapElsaApi("/elsa/api");
        // END
        app.MapPost("/sign-in", (Guid id) => Results.SignIn(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, id.ToString())], "test"))));
        await app.StartAsync();
        return app;
    }
}
