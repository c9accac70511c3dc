using System.Linq.Expressions;

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

    internal static string Property(LambdaExpression property)
    {
        var body = property.Body is UnaryExpression { NodeType: ExpressionType.Convert } convert ? convert.Operand : property.Body;
        return body is MemberExpression { Expression: ParameterExpression } member
            ? member.Member.Name
            : throw new ArgumentException($"'{property}' names no property of {typeof(TEntity).Name}.", nameof(property));
    }
}
