using System.Linq.Expressions;
using System.Text.Json;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Npgsql;

namespace Crm.Wfm.Subjects;

/// <summary>An entity of the host: facts by its own EF Core query, changes by UPDATE of the columns it lets be set.</summary>
internal sealed class EntitySubject<TEntity, TKey, TFacts>(Governed<TEntity> governed, Expression<Func<TEntity, TKey>> key, Expression<Func<TEntity, TFacts>> facts) : ISubjectType
    where TEntity : class
{
    private readonly Expression<Func<TEntity, Row>> _projection = Projection(governed, facts);
    private readonly Dictionary<string, string> _settable = governed.SettableProperties.ToDictionary(JsonNamingPolicy.CamelCase.ConvertName);
    private readonly string[] _relations = [.. governed.Relations.Keys];

    public JsonSchema? Schema { get; } = FactsSchema.Of(typeof(TFacts));

    public string? Canonical(string id) => Keys.Canonical(id, typeof(TKey));

    public bool CanSet(string field) => _settable.ContainsKey(field);

    public bool IsMerged(string field) => _settable.TryGetValue(field, out var property) && governed.MemberProperties.Contains(property);

    public IReadOnlyList<Fault> Check(FactObject changes, JsonSchema? schema)
    {
        var faults = new List<Fault>();
        foreach (var (name, value) in changes)
        {
            var pointer = JsonPointer.Token(name);
            if (!_settable.TryGetValue(name, out var property))
            {
                faults.Add(new(pointer, "read-only", $"{name} cannot be set by a move. What can be: {string.Join(", ", _settable.Keys.Order())}."));
                continue;
            }

            var field = schema?.At(pointer) ?? Schema?.At(pointer);
            if (field is { IsReadOnly: true }) faults.Add(new(pointer, "read-only", $"{name} is set by the process alone."));
            else if (field is not null && !value.IsNull) faults.AddRange(field.Validate(value).Select(f => f.Below(pointer)));
            if (governed.MemberProperties.Contains(property))
            {
                if (value.AsObject is null) faults.Add(new(pointer, "type", "must be an object"));
            }
            else if (faults.Count == 0 && !FactsJson.TryRead(value, typeof(TEntity).GetProperty(property)!.PropertyType, out _, out var error)) faults.Add(new(pointer, "type", error));
        }

        return faults;
    }

    public void AddRead(NpgsqlBatch batch, DbContext db, SubjectRead read)
    {
        if (Writes(read)) AddWrite(batch, db, read, read.Changes);
        else if (read.Lock) AddLock(batch, db, read.Subject);
        using var command = Query(db, read.Subject).CreateDbCommand();
        batch.Add(command);
    }

    public async Task<SubjectState?> ReadAsync(NpgsqlDataReader reader, DbContext db, SubjectRead read, CancellationToken ct)
    {
        // The lock is a SELECT of its own; an UPDATE returns no rows to skip.
        if (read.Lock && !Writes(read)) await reader.NextResultAsync(ct);
        using var handed = FactsReader.Hand(db, reader);
        var rows = await Query(db, read.Subject).ToListAsync(ct);
        if (rows is not [var row]) return null;
        var relations = new Dictionary<string, Guid?>();
        for (var i = 0; i < _relations.Length; i++) relations[_relations[i]] = row.Relations[i];
        return new(FactsJson.Write(row.Facts).AsObject!, relations, row.Version);
    }

    public void AddWrite(NpgsqlBatch batch, DbContext db, SubjectRead subject, FactObject values)
    {
        using var update = new EntityUpdate(db, typeof(TEntity), governed.KeyProperty, Keys.Parse(subject.Subject.Id, typeof(TKey)));
        foreach (var (name, value) in values)
        {
            if (!_settable.TryGetValue(name, out var property))
            {
                throw new InvalidOperationException($"A post-action sets {governed.Type}.{name}, which Govern<{typeof(TEntity).Name}> does not list as Settable.");
            }

            if (governed.MemberProperties.Contains(property))
            {
                update.Merge(property, CanonicalJson.Text(value));
                continue;
            }

            var type = typeof(TEntity).GetProperty(property)!.PropertyType;
            if (!FactsJson.TryRead(value, type, out var read, out var error)) throw new InvalidOperationException($"A post-action sets {governed.Type}.{name}: {error}");
            update.Set(property, read);
        }

        if (governed.UpdatedAtProperty is { } at) update.Set(at, IsDateTime(at) ? subject.At.UtcDateTime : subject.At.ToUniversalTime());
        if (governed.UpdatedByProperty is { } by) update.Set(by, subject.By);
        if (governed.VersionProperty is { } version) update.Increment(version);
        batch.Add(update.Command());
    }

    public string? MovedEvent => governed.MovedEvent;

    public bool AddMirror(NpgsqlBatch batch, DbContext db, Standing standing)
    {
        if (governed.Mirrored is not { } mirror) return false;
        using var update = new EntityUpdate(db, typeof(TEntity), governed.KeyProperty, Keys.Parse(standing.Subject.Id, typeof(TKey)));
        if (standing.Starts) update.Set(mirror.Project, standing.Project);
        else update.Where(mirror.Project, standing.Project);
        update.Set(mirror.Step, standing.Step.Key);
        update.Set(mirror.EnteredAt, standing.At.ToUniversalTime());
        if (mirror.Probability is { } probability) update.Set(probability, standing.Step.Probability);
        batch.Add(update.Command());
        return true;
    }

    public EntityEntry? Tracked(DbContext db, SubjectRef subject)
    {
        var id = Keys.Parse(subject.Id, typeof(TKey));
        return db.ChangeTracker.Entries<TEntity>().FirstOrDefault(e => Equals(e.Property(governed.KeyProperty).CurrentValue, id));
    }

    // Changes nobody may make are not made: the move is refused for them as soon as the workflow's own schema is known too.
    private bool Writes(SubjectRead read) => read.Changes.Count > 0 && Check(read.Changes, null).Count == 0;

    private static bool IsDateTime(string property) => typeof(TEntity).GetProperty(property)!.PropertyType is var type && (type == typeof(DateTime) || type == typeof(DateTime?));

    private void AddLock(NpgsqlBatch batch, DbContext db, SubjectRef subject)
    {
        using var row = new EntityUpdate(db, typeof(TEntity), governed.KeyProperty, Keys.Parse(subject.Id, typeof(TKey)));
        batch.Add(row.LockCommand());
    }

    private IQueryable<Row> Query(DbContext db, SubjectRef subject)
    {
        var id = (TKey)Keys.Parse(subject.Id, typeof(TKey));
        // A closure, not a constant: EF Core sends the key as a parameter and compiles the query once.
        Expression<Func<TKey>> value = () => id;
        var where = Expression.Lambda<Func<TEntity, bool>>(Expression.Equal(key.Body, value.Body), key.Parameters);
        return db.Set<TEntity>().AsNoTracking().AsSingleQuery().Where(where).Select(_projection);
    }

    private static Expression<Func<TEntity, Row>> Projection(Governed<TEntity> governed, Expression<Func<TEntity, TFacts>> facts)
    {
        var entity = facts.Parameters[0];
        var relations = Expression.NewArrayInit(typeof(Guid?), governed.Relations.Values.Select(r => Expression.Convert(Replace(r), typeof(Guid?))));
        var version = governed.VersionProperty is { } v ? Expression.Convert(Expression.Property(entity, v), typeof(int?)) : (Expression)Expression.Constant(null, typeof(int?));
        return Expression.Lambda<Func<TEntity, Row>>(Expression.MemberInit(Expression.New(typeof(Row)),
            Expression.Bind(typeof(Row).GetProperty(nameof(Row.Facts))!, facts.Body),
            Expression.Bind(typeof(Row).GetProperty(nameof(Row.Relations))!, relations),
            Expression.Bind(typeof(Row).GetProperty(nameof(Row.Version))!, version)), entity);

        Expression Replace(LambdaExpression lambda) => new ParameterReplacement(lambda.Parameters[0], entity).Visit(lambda.Body);
    }

    private sealed class ParameterReplacement(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }

    private sealed class Row
    {
        public required TFacts Facts { get; init; }

        public required Guid?[] Relations { get; init; }

        public int? Version { get; init; }
    }
}
