using Crm.Wfm.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Wfm.Tests.Rules;

public class RulePropertyTests
{
    private static readonly string[] Defined = [RuleErrors.NaN, RuleErrors.InvalidArguments, RuleErrors.UnknownOperator, RuleErrors.TooComplex];

    // Their result does not follow from their arguments alone: they look at the data, evaluate a rule for each item, or choose what to evaluate.
    private static readonly string[] NotReplayed =
        ["var", "val", "exists", "missing", "missing_some", "now", "hasRole", "changed", "map", "filter", "reduce", "all", "some", "none", "if", "?:", "try", "matches"];

    [Fact]
    public void Recorded_and_compiled_evaluation_are_the_same() => ForAllRules((rule, data) =>
    {
        var outcome = rule.Evaluate(data);
        var trace = rule.Explain(data);
        return trace.Result == outcome.Value && trace.Error == outcome.Error && rule.Holds(data) == (!outcome.IsError && Case.IsTrue(outcome.Value));
    });

    [Fact]
    public void The_same_rule_and_data_have_the_same_outcome_and_cost() => ForAllRules((rule, data) =>
        rule.Evaluate(data) == rule.Evaluate(data) && Rule.CompileLeniently(rule.Source).Evaluate(Value.Parse(data.ToString())) == rule.Evaluate(data));

    [Fact]
    public void Every_evaluation_ends_in_a_value_or_in_an_error_with_a_type() => ForAllRules((rule, data) =>
    {
        var outcome = rule.Evaluate(data);
        return outcome.IsError
            ? outcome.Value.IsNull && outcome.Error.AsObject!.Has("type") && (Defined.Contains(outcome.Error["type"].AsText) || rule.Source.ToString().Contains("\"throw\"", StringComparison.Ordinal))
            : Value.Parse(outcome.Value.ToString()) == outcome.Value;
    });

    [Fact]
    public void What_a_trace_tells_of_an_operator_follows_from_what_it_tells_of_its_arguments() => ForAllRules((rule, data) => Follows(rule.Explain(data), data));

    [Fact]
    public void An_error_among_the_arguments_is_the_operators_unless_it_tries() => ForAllRules((rule, data) =>
        All(rule.Explain(data)).All(trace => trace.Arguments is not [.., { Error.IsNull: false } failed] || trace.Error == failed.Error)
        && All(rule.Explain(data)).All(trace => trace.Operator == "try" || trace.Arguments.SkipLast(1).All(argument => argument.Error.IsNull)));

    [Fact]
    public void Rules_without_faults_are_the_same_compiled_leniently() => ForAllRules((rule, data) =>
        !Rule.TryCompile(rule.Source, [], out var strict) || (strict.Evaluate(data) == rule.Evaluate(data) && strict.Variables.SequenceEqual(rule.Variables)));

    [Fact]
    public void Arbitrary_JSON_is_a_rule_or_has_faults_and_evaluates_all_the_same() => Prop.ForAll(Generated.Values.ToArbitrary(), Generated.Data.ToArbitrary(), (source, data) =>
    {
        var faults = new List<Fault>();
        Rule.CompileLeniently(source).Evaluate(data);
        return Rule.TryCompile(source, faults, out var rule) ? faults.Count == 0 && rule.Source == source : faults.Count > 0;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Not_not_is_truth_and_not_is_its_opposite() => ForAllRules((rule, data) => rule.Evaluate(data).IsError
        || (Of("!!", rule).Holds(data) == rule.Holds(data) && Of("!", rule).Holds(data) != rule.Holds(data) && Of("!", Of("!!", rule)).Holds(data) == Of("!", rule).Holds(data)));

    [Fact]
    public void And_or_and_if_follow_De_Morgan() => ForAllRules((rule, data) =>
    {
        var other = Rule.Compile(Value.Parse("""{"var":"a"}"""));
        return rule.Evaluate(data).IsError || (Of("!", Of("and", rule, other)).Holds(data) == Of("or", Of("!", rule), Of("!", other)).Holds(data)
            && Of("if", rule, other, rule).Evaluate(data).Value == Of("and", rule, other).Evaluate(data).Value);
    });

    private static bool Follows(Trace trace, Value data)
    {
        if (trace.Operator is { } operation && trace.Path.IsNull && !NotReplayed.Contains(operation) && trace.Arguments.All(a => a.Error.IsNull) && trace.Arguments.Count > 0)
        {
            var arguments = Value.From([.. trace.Arguments.Select(a => Object("preserve", a.Result))]);
            var replayed = new[] { Object(operation, arguments), Object(operation, arguments.AsList[0]) }.Select(r => Rule.CompileLeniently(r).Evaluate(data)).ToList();
            if (!replayed.Exists(outcome => outcome.Value == trace.Result && outcome.Error == trace.Error)) return false;
        }

        return trace.Arguments.All(argument => Follows(argument, data));
    }

    private static IEnumerable<Trace> All(Trace trace) => trace.Arguments.SelectMany(All).Prepend(trace);

    private static void ForAllRules(Func<Rule, Value, bool> holds) =>
        Prop.ForAll(Generated.Rules.ToArbitrary(), Generated.Data.ToArbitrary(), (rule, data) => holds(Rule.CompileLeniently(rule), data))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(60));

    private static Rule Of(string operation, params Rule[] arguments) => Rule.CompileLeniently(Object(operation, Value.From([.. arguments.Select(a => a.Source)])));

    private static Value Object(string name, Value value) => Value.From(new FactObjectBuilder { [name] = value }.Build());
}
