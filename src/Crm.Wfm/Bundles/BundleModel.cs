using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles;

/// <summary>Turns a draft without faults into the records everybody else works with.</summary>
internal sealed class BundleModel(BundleDraft draft)
{
    private readonly ILookup<string?, Member> _typesOf = draft.Root["projectTypes"].Members().ToLookup(type => type["subject"].Text);

    public static Bundle Build(BundleDraft draft) => new BundleModel(draft).Build();

    private Bundle Build()
    {
        var head = draft.Root["bundle"];
        var statuses = Map("statuses", ReadStatus);
        var parameters = Params();
        return new Bundle
        {
            Key = head["key"].Text!,
            Version = head["version"].Text!,
            Title = draft.Text(head["title"]),
            DefaultLanguage = draft.Language,
            Requires = head["requires"].Members().ToDictionary(r => r.Name, r => r.Text!),
            Roles = Map("roles", role => draft.Text(role["title"])),
            ProjectTypes = Map("projectTypes", ReadProjectType),
            Statuses = statuses,
            Params = parameters,
            Workflows = Map("workflows", workflow => new WorkflowModel(draft, draft.Workflows[workflow.Name], statuses, parameters, draft.Text).Build()),
            Subjects = Map("subjects", subject => draft.Schema(subject["schema"])!),
            Decisions = Map("decisions", decision => draft.Decisions[decision.Name]!),
            Tests = Map("tests", test => test.Has("workflow"), ScenarioModel.Read),
            DecisionTests = Map("tests", test => test.Has("decision"), ScenarioModel.ReadDecision),
            Document = draft.Root.Value,
            ContentHash = ContentHash.Of(Layout.Without(draft.Root.Value), ["$schema"]),
        };
    }

    private Value Params()
    {
        var values = new FactObjectBuilder();
        foreach (var param in draft.Root["params"].Members().Where(p => p.Has("default"))) values[param.Name] = param["default"].Value;
        return Value.From(values.Build());
    }

    private OrderedDictionary<string, T> Map<T>(string member, Func<Member, T> read) => Map(member, _ => true, read);

    private OrderedDictionary<string, T> Map<T>(string member, Func<Member, bool> where, Func<Member, T> read)
    {
        var map = new OrderedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var item in draft.Root[member].Members().Where(where)) map.Add(item.Name, read(item));
        return map;
    }

    private Status ReadStatus(Member status) => new(
        status.Name,
        Enum.Parse<StatusCategory>(status["category"].Text!, ignoreCase: true),
        draft.Text(status["title"]),
        status["color"].Text,
        status["metadata"].Value);

    private ProjectType ReadProjectType(Member type)
    {
        var subject = type["subject"].Text!;
        var isDefault = type.Has("default") ? type["default"].Value.AsBoolean : _typesOf[subject].Count() == 1;
        return new ProjectType(type.Name, draft.Text(type["title"]), type["workflow"].Text!, subject, isDefault, draft.Schema(type["fields"]));
    }
}
