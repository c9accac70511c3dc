using Crm.Wfm.Moves;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Decisions;

/// <summary>The facts of a decision that is asked outside of a move: nobody moves, so there is neither step nor input.</summary>
internal static class DecisionFacts
{
    public static Value Of(Value entity, Value project, Actor actor, IEnumerable<string> relations, DateTimeOffset now, Value parameters) => Value.From(new FactObjectBuilder
    {
        ["entity"] = entity,
        ["project"] = project,
        ["actor"] = Value.From(new FactObjectBuilder
        {
            ["id"] = Value.From(actor.Id),
            ["roles"] = Value.From([.. actor.Roles.Select(Value.From)]),
            ["relations"] = Value.From([.. relations.Select(Value.From)]),
        }.Build()),
        ["now"] = Value.From(now),
        ["param"] = parameters,
    }.Build());
}
