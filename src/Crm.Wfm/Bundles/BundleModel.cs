using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles;

/// <summary>Turns a draft without faults into the records everybody else works with.</summary>
internal sealed class BundleModel(BundleDraft draft)
{
    private readonly ILookup<string?, Member> _typesOf = draft.Root["projectTypes"].Members().ToLookup(type => type["subject"].Text);
    private readonly string _language = draft.Root["bundle"]["defaultLanguage"].Text ?? "en";

    public static Bundle Build(BundleDraft draft) => new BundleModel(draft).Build();

    private Bundle Build()
    {
        var head = draft.Root["bundle"];
        var statuses = Map("statuses", ReadStatus);
        return new Bundle
        {
            Key = head["key"].Text!,
            Version = head["version"].Text!,
            Title = Text(head["title"]),
            DefaultLanguage = _language,
            Requires = head["requires"].Members().ToDictionary(r => r.Name, r => r.Text!),
            Roles = Map("roles", role => Text(role["title"])),
            ProjectTypes = Map("projectTypes", ReadProjectType),
            Statuses = statuses,
            Workflows = Map("workflows", workflow => new WorkflowModel(draft, draft.Workflows[workflow.Name], statuses, Text).Build()),
            Subjects = Map("subjects", subject => draft.Schema(subject["schema"])!),
            Tests = Map("tests", ScenarioModel.Read),
            Document = draft.Root.Value,
            ContentHash = ContentHash.Of(Layout.Without(draft.Root.Value), ["$schema"]),
        };
    }

    private OrderedDictionary<string, T> Map<T>(string member, Func<Member, T> read)
    {
        var map = new OrderedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var item in draft.Root[member].Members()) map.Add(item.Name, read(item));
        return map;
    }

    private Status ReadStatus(Member status) => new(
        status.Name,
        Enum.Parse<StatusCategory>(status["category"].Text!, ignoreCase: true),
        Text(status["title"]),
        status["color"].Text,
        status["metadata"].Value);

    private ProjectType ReadProjectType(Member type)
    {
        var subject = type["subject"].Text!;
        var isDefault = type.Has("default") ? type["default"].Value.AsBoolean : _typesOf[subject].Count() == 1;
        return new ProjectType(type.Name, Text(type["title"]), type["workflow"].Text!, subject, isDefault, draft.Schema(type["fields"]));
    }

    /// <summary>Reads words for people; <c>null</c> when there are none.</summary>
    private Text? Text(Member words)
    {
        if (words.Text is { } plain) return new Text(plain, new Dictionary<string, string> { [_language] = plain });
        if (words.Value.AsObject is not { } languages) return null;
        var texts = languages.ToDictionary(t => t.Key, t => t.Value.AsText!);
        return new Text(texts.GetValueOrDefault(_language) ?? texts.Values.First(), texts);
    }
}
