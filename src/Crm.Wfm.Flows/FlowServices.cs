using Crm.Wfm.Bundles;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Http;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Flows.Studio;
using Crm.Wfm.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows;

/// <summary>Registers the package.</summary>
public static class FlowServices
{
    /// <summary>
    /// Lets bundles' automations run: they are checked when a bundle is published, started by the event pump, which is added as well, and run by a worker of this host.
    /// The tables are made by <c>MigrateFlowsAsync</c>.
    /// </summary>
    public static WfmBuilder AddFlows(this WfmBuilder wfm, Action<FlowOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(wfm);
        var services = wfm.Services;
        var options = services.AddOptions<FlowOptions>().ValidateDataAnnotations().ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        services.TryAddSingleton(p => new ActivityCatalog(p.GetServices<FlowActivityRegistration>().Select(r => r.Class)));
        services.TryAddSingleton<IAutomationCheck>(p => new AutomationCheck(p.GetRequiredService<ActivityCatalog>(), p.GetRequiredService<IServiceScopeFactory>()));
        services.TryAddSingleton<FlowCatalog>();
        services.TryAddSingleton<FlowLibrary>();
        services.TryAddSingleton<RunSignal>();
        services.TryAddScoped(p => new RunControl(p.GetRequiredService<HostContext>(), p.GetRequiredService<FlowLibrary>(), p.GetRequiredService<RunSignal>(), p.GetRequiredService<TimeProvider>()));
        services.TryAddScoped(p => new FlowDefinitions(p.GetRequiredService<HostContext>(), p.GetRequiredService<ActivityCatalog>(), p.GetRequiredService<TimeProvider>(), p));
        services.TryAddScoped(p => new FlowRuns(
            p.GetRequiredService<HostContext>(), p.GetRequiredService<FlowLibrary>(), p.GetRequiredService<RunSignal>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<IOptions<WfmOptions>>().Value.PublisherRole));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IBundlePublication, BundleDefinitions>());
        services.TryAddSingleton(p => new TimedStarts(p.GetRequiredService<IServiceScopeFactory>(), p.GetRequiredService<RunSignal>(), p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<IOptions<FlowOptions>>(), p.GetRequiredService<ILogger<TimedStarts>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TimedStarts>(p => p.GetRequiredService<TimedStarts>()));
        services.TryAddSingleton(p => new FlowRunner(p.GetRequiredService<IServiceScopeFactory>(), p.GetRequiredService<FlowLibrary>(), p.GetRequiredService<RunSignal>(), p.GetRequiredService<RunBell>(),
            p.GetRequiredService<TimeProvider>(), p.GetRequiredService<IOptions<FlowOptions>>(), p.GetRequiredService<ILogger<FlowRunner>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, FlowRunner>(p => p.GetRequiredService<FlowRunner>()));
        AddElsaApi(services);
        foreach (var activity in ActivityCatalog.BuiltIn.Where(a => a.IsAssignableTo(typeof(IFlowActivity)))) services.TryAddTransient(activity);
        services.AddOutside();
        services.TryAddSingleton<FlowRequests>();
        return wfm.AddEventConsumer<FlowTriggers>(FlowTriggers.Name).AddEventPump();
    }

    /// <summary>
    /// Lets this host start flows by their cron expressions, besides what <see cref="AddFlows"/> does: with a scheduler in a cluster with those of all other hosts, so that each time starts a flow once. Its tables,
    /// in schema <c>wfm_quartz</c>, are made by <c>MigrateFlowsAsync</c>.
    /// </summary>
    public static WfmBuilder AddFlowCron(this WfmBuilder wfm)
    {
        ArgumentNullException.ThrowIfNull(wfm);
        wfm.Services.TryAddSingleton(p => new CronStarts(p.GetRequiredService<IServiceScopeFactory>(), p.GetRequiredService<RunSignal>(), p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<IOptions<FlowOptions>>(), p.GetRequiredService<ILogger<CronStarts>>()));
        wfm.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, CronStarts>(p => p.GetRequiredService<CronStarts>()));
        return wfm;
    }

    /// <summary>Registers an activity flows can use: a class with a <see cref="FlowActivityAttribute"/>.</summary>
    public static WfmBuilder AddFlowActivity<TActivity>(this WfmBuilder wfm)
        where TActivity : class, IFlowActivity
    {
        ArgumentNullException.ThrowIfNull(wfm);
        wfm.Services.AddSingleton(new FlowActivityRegistration(typeof(TActivity)));
        wfm.Services.AddTransient<TActivity>();
        return wfm;
    }

    // What MapElsaApi maps; a host that does not map it pays nothing for it.
    private static void AddElsaApi(IServiceCollection services)
    {
        services.AddOptions<ElsaApiOptions>();
        services.AddSignalR();
        services.TryAddSingleton<RunBell>();
        services.TryAddSingleton<ElsaDescriptors>();
        services.TryAddScoped<ElsaToolbox>();
        services.TryAddScoped<ElsaCaller>();
        services.TryAddScoped<DefinitionDocuments>();
        services.TryAddScoped<RunTraces>();
        services.TryAddSingleton<RunWatch>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RunWatch>(p => p.GetRequiredService<RunWatch>()));
    }
}
