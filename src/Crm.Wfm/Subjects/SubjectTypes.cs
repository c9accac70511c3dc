using System.Collections.Concurrent;
using System.Linq.Expressions;
using Crm.Wfm.Moves;

namespace Crm.Wfm.Subjects;

/// <summary>The kinds of records there are: entities the host governs; every other kind is a generic record.</summary>
internal sealed class SubjectTypes
{
    private const int Remembered = 100_000;

    private readonly Dictionary<string, ISubjectType> _governed = [];
    private readonly ConcurrentDictionary<string, RecordSubject> _records = [];
    private readonly ConcurrentDictionary<(Guid Workspace, Guid Project), SubjectRef> _ofProjects = [];

    public ISubjectType this[string type] => _governed.TryGetValue(type, out var subject) ? subject : _records.GetOrAdd(type, t => new(t));

    public void Add<TEntity>(Governed<TEntity> governed, LambdaExpression key, LambdaExpression facts)
        where TEntity : class
    {
        if (!Keys.Types.Contains(key.ReturnType))
        {
            throw new ArgumentException($"{typeof(TEntity).Name}.{governed.KeyProperty} is a {key.ReturnType.Name}: a key is a Guid, an int, a long or a string.", nameof(key));
        }

        if (IsGoverned(governed.Type)) throw new ArgumentException($"Records of type {governed.Type} are governed already.", nameof(governed));
        var subject = typeof(EntitySubject<,,>).MakeGenericType(typeof(TEntity), key.ReturnType, facts.ReturnType);
        _governed.Add(governed.Type, (ISubjectType)Activator.CreateInstance(subject, governed, key, facts)!);
    }

    /// <summary>Gets the types of the events that tell of moves of governed records.</summary>
    public IEnumerable<string> MovedEvents => _governed.Values.Select(s => s.MovedEvent).OfType<string>();

    public bool IsGoverned(string type) => _governed.ContainsKey(type);

    /// <summary>
    /// What a project governs never changes once it is committed: who knows it asks for the facts along with the lock, and spares a round trip. What a
    /// caller's transaction has started may yet be undone, and the id be given to another: that is not remembered.
    /// </summary>
    public SubjectRef? Of(Guid workspace, Guid project) => _ofProjects.GetValueOrDefault((workspace, project));

    public void Remember(Guid workspace, Guid project, SubjectRef subject)
    {
        if (_ofProjects.Count >= Remembered) _ofProjects.Clear();
        _ofProjects.TryAdd((workspace, project), subject);
    }
}
