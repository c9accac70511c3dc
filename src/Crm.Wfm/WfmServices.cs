using Crm.Wfm.Bundles;
using Crm.Wfm.Decisions;
using Crm.Wfm.Events;
using Crm.Wfm.History;
using Crm.Wfm.Http;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Records;
using Crm.Wfm.Subjects;
using Crm.Wfm.Workflows;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Crm.Wfm;

/// <summary>Registers the package.</summary>
public static class WfmServices
{
    /// <summary>Adds the engine on the host's own context: records and moves commit together.</summary>
    /// <typeparam name="TContext">A context on Npgsql whose model calls <c>modelBuilder.AddWfm()</c>.</typeparam>
    public static IServiceCollection AddWfm<TContext>(this IServiceCollection services, Action<WfmBuilder>? configure = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        var builder = new WfmBuilder(services);
        configure?.Invoke(builder);
        services.AddOptions<WfmOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(builder);
        services.TryAddSingleton(builder.Subjects);
        services.TryAddSingleton(p => new PostActionNames(p.GetServices<PostActionRegistration>()));
        services.TryAddSingleton(p => new WorkflowCatalog(p.GetRequiredService<PostActionNames>()));
        services.TryAddScoped<CurrentWorkspace>();
        services.TryAddScoped(p => new HostContext(p.GetRequiredService<TContext>(), p.GetRequiredService<CurrentWorkspace>(), p.GetRequiredService<EventSignal>()));
        services.TryAddScoped(p => new MoveEngine(p.GetRequiredService<HostContext>(), p.GetRequiredService<SubjectTypes>(),
            p.GetRequiredService<WorkflowCatalog>(), p.GetRequiredService<TimeProvider>(), p));
        services.TryAddScoped(p => new BundlePublisher(p.GetRequiredService<HostContext>(), p.GetRequiredService<SubjectTypes>(),
            p.GetRequiredService<PostActionNames>(), p.GetService<IAutomationCheck>(), p.GetServices<IBundlePublication>(), p.GetRequiredService<WfmBuilder>().Emitted, p.GetRequiredService<TimeProvider>()));
        services.TryAddScoped(p => new RecordStore(p.GetRequiredService<HostContext>(), p.GetRequiredService<SubjectTypes>(),
            p.GetRequiredService<WorkflowCatalog>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<WfmBuilder>().RefusedChange));
        services.TryAddScoped(p => new PublishedWorkflows(p.GetRequiredService<HostContext>(), p.GetRequiredService<WorkflowCatalog>()));
        services.TryAddSingleton(p => new DecisionCatalog(p.GetRequiredService<PostActionNames>()));
        services.TryAddScoped(p => new PublishedDecisions(p.GetRequiredService<HostContext>(), p.GetRequiredService<SubjectTypes>(),
            p.GetRequiredService<WorkflowCatalog>(), p.GetRequiredService<DecisionCatalog>(), p.GetRequiredService<TimeProvider>()));
        services.TryAddScoped(p => new HistoryVerifier(p.GetRequiredService<HostContext>()));
        services.TryAddScoped(p => new EventEmitter(p.GetRequiredService<HostContext>()));
        services.TryAddScoped(p => new EventFeed(p.GetRequiredService<HostContext>()));
        services.TryAddScoped<CurrentRequest>();
        services.TryAddScoped<ProjectOf>();
        services.TryAddSingleton<EventSignal>();
        services.ConfigureDbContext<TContext>(
            (p, o) => o.AddInterceptors(new FactsReader(), new ReadOnlyRows(), new CommitSignal(p.GetRequiredService<EventSignal>())), ServiceLifetime.Singleton);
        return services;
    }
}
