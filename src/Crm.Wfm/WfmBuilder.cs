using System.Linq.Expressions;
using Crm.Wfm.Moves;
using Crm.Wfm.Subjects;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm;

/// <summary>What a host tells the package: which records it governs, where its processes are, who acts.</summary>
public sealed class WfmBuilder
{
    private readonly IServiceCollection _services;

    internal WfmBuilder(IServiceCollection services) => _services = services;

    internal SubjectTypes Subjects { get; } = new();

    internal List<string> BundleFolders { get; } = [];

    internal Func<HttpContext, Guid>? WorkspaceOf { get; private set; }

    internal Func<HttpContext, Actor?>? ActorOf { get; private set; }

    /// <summary>Governs an entity of the host's context.</summary>
    /// <param name="type">Subject type, the word bundles use: kebab-case.</param>
    /// <param name="key">The key property: <see cref="Guid"/>, <see cref="int"/>, <see cref="long"/> or <see cref="string"/>.</param>
    /// <param name="facts">What rules see at <c>entity.*</c>: a record made from the entity and what it leads to. It gives bundles their fields and forms their schema.</param>
    public Governed<TEntity> Govern<TEntity>(string type, Expression<Func<TEntity, object?>> key, Expression<Func<TEntity, object>> facts)
        where TEntity : class
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(facts);
        var governed = new Governed<TEntity>(type, Governed<TEntity>.Property(key));
        Subjects.Add(governed, Typed(key), Typed(facts));
        return governed;
    }

    /// <summary>Publishes every <c>*.json</c> of a folder into <see cref="Workspace.Default"/> when <c>MigrateWfmAsync</c> has migrated.</summary>
    /// <param name="folder">Path, relative to the content root or absolute.</param>
    public WfmBuilder LoadBundles(string folder)
    {
        BundleFolders.Add(folder);
        return this;
    }

    /// <summary>Registers a post-action bundles can name.</summary>
    /// <param name="name">The name in <c>do</c>: camelCase or kebab-case.</param>
    public WfmBuilder AddPostAction<TAction>(string name)
        where TAction : class, IPostAction
    {
        _services.AddSingleton(new PostActionRegistration(name, typeof(TAction)));
        _services.AddKeyedScoped<IPostAction, TAction>(name);
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

    // The compiler boxes a value type for the object the parameter asks for; EF Core wants the expression as it was written.
    private static LambdaExpression Typed(LambdaExpression lambda) =>
        lambda.Body is UnaryExpression { NodeType: ExpressionType.Convert } convert ? Expression.Lambda(convert.Operand, lambda.Parameters) : Retyped(lambda);

    private static LambdaExpression Retyped(LambdaExpression lambda) => Expression.Lambda(lambda.Body, lambda.Parameters);
}
