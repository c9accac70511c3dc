using System.Text.Json.Serialization;
using Crm.Entities;
using Crm.Host.Accounts;
using Crm.Host.Activities;
using Crm.Host.Authentication;
using Crm.Host.Boards;
using Crm.Host.Configuration;
using Crm.Host.CustomFields;
using Crm.Host.Database;
using Crm.Host.Deals;
using Crm.Host.Flows;
using Crm.Host.Leads;
using Crm.Host.Metrics;
using Crm.Host.Models;
using Crm.Host.Notes;
using Crm.Host.OpenApi;
using Crm.Host.Organizations;
using Crm.Host.People;
using Crm.Host.Realtime;
using Crm.Host.Records;
using Crm.Host.Search;
using Crm.Host.Studio;
using Crm.Host.Telemetry;
using Crm.Host.Timeline;
using Crm.Host.Views;
using Crm.Wfm;
using Crm.Wfm.Bundles;
using Crm.Wfm.Flows;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Http;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Flows.Studio;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Crm.Host;

/// <summary>The web application, put together.</summary>
internal static class CrmApplication
{
    public static WebApplication Build(string[] settings, CrmDatabase database, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = settings,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = HostConfiguration.Environment(settings),
        });
        // The port the pages speak of, unless something else was named.
        if (builder.Configuration["urls"] is null && builder.Configuration["http_ports"] is null) builder.WebHost.UseUrls("http://localhost:5080");
        foreach (var section in OptionsSections.All) section.Bind(builder.Services);
        AddServices(builder.Services, database);
        builder.AddModel();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = HostProblems.Status });
        app.UseStatusCodePages();
        app.UseRateLimiter();
        app.UseQueryTokens(ChangesHub.Path, StudioRights.Hubs);
        app.UseAuthentication();
        app.UseScopes();
        app.UseAuthorization();
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready");
        app.MapWfm("/api/v1");
        app.MapFlows("/api/v1");
        app.MapElsaApi("/elsa/api");
        app.MapFlowDoor();
        var api = app.MapGroup("/api/v1");
        api.MapAccounts();
        api.MapPeople();
        api.MapOrganizations();
        api.MapLeads();
        api.MapRecordBoards();
        api.MapDeals();
        api.MapActivities();
        api.MapNotes();
        api.MapViews();
        api.MapTimelines();
        api.MapCustomFields();
        api.MapSearch();
        api.MapMetrics();
        app.MapRealtime();
        app.MapStudio();
        return app;
    }

    /// <summary>The same services without a web server, for verbs.</summary>
    public static ServiceProvider Services(CrmDatabase database)
    {
        var services = new ServiceCollection().AddLogging();
        AddEngine(services, database);
        return services.BuildServiceProvider(validateScopes: true);
    }

    /// <summary>What checks bundles' automations, without a database.</summary>
    public static IAutomationCheck AutomationCheck()
    {
        var services = new ServiceCollection();
        services.AddWfm<CrmDbContext>(wfm => wfm.GovernCrm().AddFlows());
        using var provider = services.BuildServiceProvider();
        return new AutomationCheck(provider.GetRequiredService<ActivityCatalog>());
    }

    private static void AddServices(IServiceCollection services, CrmDatabase database)
    {
        // First, so that it hears of all that others do.
        services.AddHostedService<TelemetryExport>();
        AddEngine(services, database);
        services.AddHttpContextAccessor();
        // Development would throw, and the fault not be told by name.
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = false);
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.Converters.Add(new PlainDecimal());
            o.SerializerOptions.NumberHandling = JsonNumberHandling.Strict; // as bodies are read
        });
        services.AddScoped<RecordWrites>();
        services.AddScoped<BoardReader>();
        services.AddScoped<AccountWrites>();
        services.AddSingleton<SignInAttempts>();
        services.AddCrmAuthentication();
        services.AddProblemDetails(o => o.CustomizeProblemDetails = HostProblems.Name);
        services.AddOpenApi("v1", OpenApiSetup.Describe);
        services.AddHostedService<DatabaseClockSync>();
        services.AddSingleton<StepFolding>();
        services.AddHostedService(p => p.GetRequiredService<StepFolding>());
        services.AddRealtime();
        services.Configure<ElsaApiOptions>(o => o.RightsOf = StudioRights.Of);
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database");
    }

    // A value the database refuses is answered to who sent it; what nobody expected is logged by whoever catches it.
    private static void AnsweredNotLogged(WarningsConfigurationBuilder warnings) =>
        warnings.Log((RelationalEventId.CommandError, LogLevel.Debug), (CoreEventId.SaveChangesFailed, LogLevel.Debug));

    private static void AddEngine(IServiceCollection services, CrmDatabase database)
    {
        services.AddSingleton(database);
        services.AddSingleton(new DatabaseClock(database, TimeProvider.System));
        services.TryAddSingleton<TimeProvider>(p => p.GetRequiredService<DatabaseClock>());
        // Building a context costs more than all a move decides.
        services.AddDbContextPool<CrmDbContext>(o => o.UseNpgsql(database.Application).ConfigureWarnings(AnsweredNotLogged));
        services.AddWfm<CrmDbContext>(wfm => wfm.GovernCrm().Workspace(SignedIn.Workspace).Actor(SignedIn.Actor).AddEventPump().AddFlows().AddFlowCron());
        services.AddCrm();
        services.AddAccounts();
    }
}
