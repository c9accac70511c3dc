using System.Globalization;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Solving;
using Crm.Wfm.Schemas;
using Crm.Wfm.Subjects;

namespace Crm.Wfm.Bundles.Scenarios;

/// <summary>Takes a project along several transitions, from one situation on.</summary>
internal sealed class Walker(Stage stage, Func<Way, SceneSearch> searches)
{
    private const int MostRounds = 12;

    private readonly JsonSchema? _schema = stage.Type is { } type ? stage.Workflow.Subjects.GetValueOrDefault(type.Subject) : null;

    /// <summary>Finds the shortest way between steps; <c>null</c> when there is none.</summary>
    public IReadOnlyList<Way>? Between(string from, string to)
    {
        var ways = new Dictionary<string, Way[]> { [from] = [] };
        var next = new Queue<string>([from]);
        while (next.TryDequeue(out var step) && step != to)
        {
            foreach (var t in stage.Workflow.From(step).Where(t => t.Approvals is null && ways.TryAdd(t.To, [.. ways[step], new(t, step)]))) next.Enqueue(t.To);
        }

        return ways.GetValueOrDefault(to);
    }

    /// <summary>Makes a draft that takes a way; <c>null</c> where it cannot be done, and then says why.</summary>
    /// <param name="ways">The way.</param>
    /// <param name="who">Names who takes the transition at a place; <c>null</c> for whoever may.</param>
    /// <param name="why">Why not.</param>
    public Draft? Take(IReadOnlyList<Way> ways, Func<int, string?> who, out string why)
    {
        var (entity, own) = (FactObject.Empty, FactObject.Empty);
        var ahead = new HashSet<Way>();
        for (var round = 0; round < MostRounds; round++)
        {
            var walk = new Walk(stage, new(ways[0].From, entity, own, new(), ScenarioRunner.DefaultNow, []));
            for (var i = 0; i < ways.Count && walk.Goes; i++) Step(walk, ways[i], who(i));
            // What a later transition needs may have to be so before an earlier one is taken.
            if (walk.At is { } at && ahead.Add(at) && Ahead(walk, at))
            {
                (entity, own) = (walk.Entity, walk.Own);
                continue;
            }

            if (walk.Stuck is { } reason)
            {
                why = reason;
                return null;
            }

            if (walk.Goes)
            {
                why = "";
                return walk.Draft();
            }

            (entity, own) = (walk.Entity, walk.Own);
        }

        why = "what one transition needs another does not let be so";
        return null;
    }

    private bool Ahead(Walk walk, Way way)
    {
        if (searches(way).Base is not { } facts) return false;
        foreach (var root in new[] { "entity", "project" })
        {
            foreach (var name in (facts[root].AsObject ?? FactObject.Empty).Select(m => m.Key).Where(name => !walk.Written.Contains($"{root}.{name}") && (root == "entity" || CanGive(name)))) walk.Give(root, name, facts[root]);
        }

        return true;
    }

    private bool CanGive(string field) => stage.Workflow.Fields.GetValueOrDefault(stage.Type?.Key ?? "")?.At(JsonPointer.Token(field)) is not null;

    private void Step(Walk walk, Way way, string? who)
    {
        var search = searches(way);
        var name = who ?? People.All.FirstOrDefault(p => way.Transition.NotSameActorAs.All(t => walk.Takers.GetValueOrDefault(t) != p)) ?? People.All[^1];
        var facts = (walk.Project.For(search.Actor with { Name = name }) with { Input = Value.From(FactObject.Empty) }).Facts(stage.Workflow);
        if (search.Open(facts, [], f => IsFixed(walk, f)) is not Solution.Found found)
        {
            walk.At = way;
            walk.Stuck = $"no facts were found with which {way.Transition.Key} is taken from {way.From} there";
            return;
        }

        var changes = new FactObjectBuilder();
        foreach (var change in found.Changes) Place(walk, change, found.Facts, changes);
        if (!walk.Goes) return;
        var draft = search.Draft(found.Facts);
        walk.Do(new(way.Transition.Key, draft.Acts[0].Input) { As = draft.Actor with { Name = name }, Changes = changes.Build(), Advance = Later(walk, found.Facts) }, way);
    }

    private bool IsFixed(Walk walk, Field field) => field.Names is [("entity" or "project") and var root, var name, ..] && walk.Known.Contains($"{root}.{name}") && !CanChange(root, name, Value.Null);

    // Whether a field can be set at all does not hang on the value: only faults of the place count.
    private bool CanChange(string root, string name, Value value) =>
        root == "entity" && RecordFields.CheckChanges(FactObject.Empty.With(name, value), _schema).All(f => f.Key is not ("read-only" or "unknown-field" or "unexpected"));

    /// <summary>Facts are given from the start where nothing has looked at or set them yet, else changed with the move.</summary>
    private void Place(Walk walk, Change change, Value facts, FactObjectBuilder changes)
    {
        if (change.Field.Names is not [("entity" or "project") and var root, var name, ..]) return;
        if (!walk.Known.Contains($"{root}.{name}")) walk.Give(root, name, facts[root]);
        else if (root == "entity" && RecordFields.CheckChanges(FactObject.Empty.With(name, facts[root][name]), _schema).Count == 0) changes[name] = facts[root][name];
        else walk.Stuck = $"{change.Field.Path} would have to be something else in the middle of the way, where no move can set it";
    }

    private static TimeSpan Later(Walk walk, Value facts) =>
        DateTimeOffset.Parse(facts["now"].AsText!, CultureInfo.InvariantCulture) - walk.Project.Now is { Ticks: > 0 } later ? later : TimeSpan.Zero;

    /// <summary>A walk on its way.</summary>
    private sealed class Walk(Stage stage, Draft given)
    {
        private readonly List<Act> _acts = [];

        /// <summary>Gets the facts that had better be given at the start.</summary>
        public FactObject Entity { get; private set; } = given.Entity;

        public FactObject Own { get; private set; } = given.Project;

        public InMemoryProject Project { get; } = stage.Start(given);

        public Dictionary<string, string> Takers { get; } = [];

        /// <summary>Gets the facts that have been looked at or set.</summary>
        public HashSet<string> Known { get; } = [];

        /// <summary>Gets the facts that moves have set.</summary>
        public HashSet<string> Written { get; } = [];

        public string? Stuck { get; set; }

        /// <summary>Gets or sets the transition for which no facts were found.</summary>
        public Way? At { get; set; }

        /// <summary>Gets whether what was given at the start is all that is needed so far.</summary>
        public bool Goes => Stuck is null && Entity == given.Entity && Own == given.Project;

        public void Give(string root, string name, Value facts)
        {
            var value = FactTree.Find(facts, [name]);
            if (root == "entity") Entity = FactTree.With(Value.From(Entity), [name], value).AsObject!;
            else Own = FactTree.With(Value.From(Own), [name], value).AsObject!;
        }

        public void Do(Act act, Way way)
        {
            Project.Now += act.Advance;
            if (Project.Move(act.Do, act.As!, act.Input, act.Changes) is not Decision.Moved { Plan: var plan })
            {
                Stuck = $"{act.Do} is refused there";
                return;
            }

            _acts.Add(act);
            Takers[act.Do] = act.As!.Name;
            Written.UnionWith(plan.Effects.Entity.Select(e => "entity." + e.Key).Concat((plan.Effects.Project ?? FactObject.Empty).Select(e => "project." + e.Key)));
            Known.UnionWith(Written);
            Known.UnionWith(SceneSearch.Guards(stage.Workflow, way).SelectMany(g => g.Rule.Variables).Select(v => string.Join('.', v.Split('.').Take(2))));
        }

        public Draft Draft() => given with { Actor = _acts[0].As!, Acts = [.. _acts] };
    }
}
