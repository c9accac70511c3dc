using System.Linq.Expressions;
using Crm.Wfm.Bundles;
using Crm.Wfm.Events;
using Crm.Wfm.Moves;
using Crm.Wfm.Subjects;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Crm.Wfm;

/// <summary>What a host tells the package: which records it governs, where its processes are, who acts.</summary>
public sealed class WfmBuilder
{
    internal WfmBuilder(IServiceCollection services) => Services = services;

    /// <summary>Gets the host's services, for packages that build on this one.</summary>
    public IServiceCollection Services { get; }

    internal SubjectTypes Subjects { get; } = new();

    internal List<(string Folder, string? DespiteFailingTests)> BundleFolders { get; } = [];

    internal HashSet<string>? Emitted { get; private set; }

    internal Func<PostgresException, Fault> RefusedChange { get; private set; } = e => new("", "constraint", $"The record cannot hold these values: {e.MessageText}.");

    /// <summary>Gets what tells the workspace of a request; <c>null</c> where every request is for the default one.</summary>
    public Func<HttpContext, Guid>? WorkspaceOf { get; private set; }

    internal Func<HttpContext, Actor?>? ActorOf { get; private set; }

    /// <summary>Governs an entity of the host's context.</summary>
    /// <typeparam name="TEntity">The entity; it has a table of its own in the context's model.</typeparam>
    /// <param name="type">Subject type, the word bundles use: kebab-case.</param>
    /// <param name="key">The key property: <see cref="Guid"/>, <see cref="int"/>, <see cref="long"/> or <see cref="string"/>.</param>
    /// <param name="facts">What rules see at <c>entity.*</c>: a record made from the entity and what it leads to. It gives bundles their fields and forms their schema.</param>
    /// <param name="configure">Names relations, settable properties, version and last change; <c>null</c> for a record that moves may read but not write.</param>
    /// <exception cref="ArgumentException">The key is no property, or of another type; or the subject type is governed already.</exception>
    public WfmBuilder Govern<TEntity>(
        string type, Expression<Func<TEntity, object?>> key, Expression<Func<TEntity, object>> facts, Action<Governed<TEntity>>? configure = null)
        where TEntity : class
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(facts);
        var governed = new Governed<TEntity>(type, Governed<TEntity>.Property(key));
        configure?.Invoke(governed);
        Subjects.Add(governed, Unboxed(key), Unboxed(facts));
        return this;
    }

    /// <summary>Publishes every <c>*.json</c> of a folder into <see cref="Workspace.Default"/> when <c>MigrateWfmAsync</c> has migrated.</summary>
    /// <param name="folder">Path, relative to the content root or absolute.</param>
    /// <param name="despiteFailingTests">Why a bundle is published although tests of its own fail: kept with the publication. <c>null</c> stops the start then.</param>
    public WfmBuilder LoadBundles(string folder, string? despiteFailingTests = null)
    {
        if (despiteFailingTests is not null && TestOverride.Check(despiteFailingTests, "") is { } wrong) throw new ArgumentException(wrong.Message, nameof(despiteFailingTests));
        BundleFolders.Add((folder, despiteFailingTests));
        return this;
    }

    /// <summary>Registers a post-action bundles can name.</summary>
    /// <param name="name">The name in <c>do</c>: camelCase or kebab-case.</param>
    public WfmBuilder AddPostAction<TAction>(string name)
        where TAction : class, IPostAction
    {
        Services.AddSingleton(new PostActionRegistration(name, typeof(TAction)));
        Services.AddKeyedScoped<IPostAction, TAction>(name);
        return this;
    }

    /// <summary>Registers a consumer of events. Without <see cref="AddEventPump"/> on some host none is handed over.</summary>
    /// <param name="name">A name that stays: events it fails on wait for it under this name.</param>
    public WfmBuilder AddEventConsumer<TConsumer>(string name)
        where TConsumer : class, IEventConsumer
    {
        Services.AddSingleton(new EventConsumerRegistration(name));
        Services.AddKeyedScoped<IEventConsumer, TConsumer>(name);
        return this;
    }

    /// <summary>Adds the worker that gives events their positions and hands them to the consumers. Wanted on at least one host: until then events only gather in the outbox.
    /// Hosts of one database that run one all need the same consumers.</summary>
    public WfmBuilder AddEventPump(Action<EventPumpOptions>? configure = null)
    {
        var options = Services.AddOptions<EventPumpOptions>().ValidateDataAnnotations().ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        Services.TryAddSingleton(p => new EventConsumerNames(p.GetServices<EventConsumerRegistration>()));
        Services.TryAddSingleton(p => new EventPump(p.GetRequiredService<IServiceScopeFactory>(), p.GetRequiredService<EventConsumerNames>(), p.GetRequiredService<EventSignal>(),
            p.GetRequiredService<TimeProvider>(), p.GetRequiredService<IOptions<EventPumpOptions>>(), p.GetRequiredService<ILogger<EventPump>>()));
        Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, EventPump>(p => p.GetRequiredService<EventPump>()));
        return this;
    }

    /// <summary>
    /// Says which events the host emits (<see cref="EventEmitter"/>), so that a bundle whose automation waits for one that nobody emits is told so. Without it no bundle is;
    /// what <c>EmitOnMove</c> names counts anyway.
    /// </summary>
    /// <param name="types">Their types, such as <c>shop.order.paid</c>; more can be said in further calls.</param>
    /// <exception cref="ArgumentException">One is no event type, or one of the package's.</exception>
    public WfmBuilder Emits(params IEnumerable<string> types)
    {
        ArgumentNullException.ThrowIfNull(types);
        Emitted ??= new(StringComparer.Ordinal);
        foreach (var type in types) Emitted.Add(EventTypes.MayEmit(type) ? type : throw new ArgumentException($"'{type}' is no event type of the host's own.", nameof(types)));
        return this;
    }

    /// <summary>
    /// Says which field it is about when the host's own tables (a constraint, a trigger) refuse what a move's <c>changes</c> or post-actions set, or what a generic
    /// record is to hold. Without it the fault is of the whole, key <c>constraint</c>.
    /// </summary>
    /// <param name="fault">Makes the fault of what the database said: SQLSTATE 22xxx or 23xxx. Its pointer starts at a field, as in <c>/amount</c>.</param>
    public WfmBuilder RefusedChanges(Func<PostgresException, Fault> fault)
    {
        RefusedChange = fault;
        return this;
    }

    /// <summary>Says which workspace a request works in; without it every request works in <see cref="Wfm.Workspace.Default"/>.</summary>
    public WfmBuilder Workspace(Func<HttpContext, Guid> workspace)
    {
        WorkspaceOf = workspace;
        return this;
    }

    /// <summary>Says who acts; <c>null</c> answers 401. Without it: the claims <c>sub</c> (or name identifier) and roles of the signed-in user.</summary>
    public WfmBuilder Actor(Func<HttpContext, Actor?> actor)
    {
        ActorOf = actor;
        return this;
    }

    // The compiler boxes what the parameter asks for as object; EF Core wants the expression with the type it was written with.
    private static LambdaExpression Unboxed(LambdaExpression lambda) =>
        Expression.Lambda(lambda.Body is UnaryExpression { NodeType: ExpressionType.Convert } boxed ? boxed.Operand : lambda.Body, lambda.Parameters);
}
