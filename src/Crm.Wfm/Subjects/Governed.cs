using System.Linq.Expressions;
using Crm.Wfm.Events;

namespace Crm.Wfm.Subjects;

/// <summary>What the host tells of an entity it governs, besides its key and facts: the last argument of <c>wfm.Govern&lt;T&gt;(…)</c>.</summary>
/// <typeparam name="TEntity">The entity.</typeparam>
public sealed class Governed<TEntity>
    where TEntity : class
{
    internal Governed(string type, string keyProperty) => (Type, KeyProperty) = (type, keyProperty);

    internal string Type { get; }

    internal string KeyProperty { get; }

    internal Dictionary<string, LambdaExpression> Relations { get; } = [];

    internal List<string> SettableProperties { get; } = [];

    internal HashSet<string> MemberProperties { get; } = [];

    internal MirrorProperties? Mirrored { get; private set; }

    internal string? MovedEvent { get; private set; }

    internal string? VersionProperty { get; private set; }

    internal string? UpdatedAtProperty { get; private set; }

    internal string? UpdatedByProperty { get; private set; }

    /// <summary>Names the user who stands in a relation to the record, for <c>allow</c>'s <c>relations</c>.</summary>
    /// <param name="name">Relation, such as <c>owner</c>.</param>
    /// <param name="user">The user's id.</param>
    public Governed<TEntity> Relation(string name, Expression<Func<TEntity, Guid?>> user)
    {
        Relations.Add(name, user);
        return this;
    }

    /// <summary>Lets moves set a property: by <c>changes</c> and by the post-action <c>set</c>. Its JSON name is the camelCase of the property's.</summary>
    public Governed<TEntity> Settable(Expression<Func<TEntity, object?>> property)
    {
        SettableProperties.Add(Property(property));
        return this;
    }

    /// <summary>Lets moves set members of a jsonb column that holds one object, mapped as text: what is sent is merged into it, <c>null</c> takes a member away.</summary>
    public Governed<TEntity> SettableMembers(Expression<Func<TEntity, string>> property)
    {
        SettableProperties.Add(Property(property));
        MemberProperties.Add(Property(property));
        return this;
    }

    /// <summary>Names the record's own version: answers carry it, and every change raises it by one.</summary>
    public Governed<TEntity> Version(Expression<Func<TEntity, int>> property)
    {
        VersionProperty = Property(property);
        return this;
    }

    /// <summary>Names the properties that tell when, in business time, and by whom the record was last changed.</summary>
    public Governed<TEntity> Updated(Expression<Func<TEntity, DateTimeOffset?>> at, Expression<Func<TEntity, Guid?>>? by = null)
    {
        UpdatedAtProperty = Property(at);
        UpdatedByProperty = by is null ? null : Property(by);
        return this;
    }

    /// <summary>
    /// Names properties that mirror where the record's project of the default type stands, so that the host's own lists can filter, sort and count by it.
    /// The engine writes them in the transaction of each start and move; the version and the last change stay as they are.
    /// </summary>
    /// <param name="project">The project's id.</param>
    /// <param name="step">The step's key.</param>
    /// <param name="enteredAt">When it entered the step, in business time.</param>
    /// <param name="probability">The step's probability, 0 to 1.</param>
    public Governed<TEntity> Mirror(
        Expression<Func<TEntity, Guid?>> project, Expression<Func<TEntity, string?>> step, Expression<Func<TEntity, DateTimeOffset?>> enteredAt,
        Expression<Func<TEntity, double?>>? probability = null)
    {
        Mirrored = new(Property(project), Property(step), Property(enteredAt), probability is null ? null : Property(probability));
        return this;
    }

    /// <summary>Emits an event of the host's own with every move of such a record, such as <c>crm.deal.stage-changed</c>; its data is that of <c>wfm.project.moved</c>.</summary>
    /// <exception cref="ArgumentException">It is no event type, or one of the package's.</exception>
    public Governed<TEntity> EmitOnMove(string type)
    {
        if (!EventTypes.MayEmit(type)) throw new ArgumentException($"'{type}' is no event type of the host's own.", nameof(type));
        MovedEvent = type;
        return this;
    }

    internal static string Property(LambdaExpression property)
    {
        var body = property.Body is UnaryExpression { NodeType: ExpressionType.Convert } convert ? convert.Operand : property.Body;
        return body is MemberExpression { Expression: ParameterExpression } member
            ? member.Member.Name
            : throw new ArgumentException($"'{property}' names no property of {typeof(TEntity).Name}.", nameof(property));
    }
}

/// <summary>The properties that mirror where a record's project stands.</summary>
internal sealed record MirrorProperties(string Project, string Step, string EnteredAt, string? Probability);
