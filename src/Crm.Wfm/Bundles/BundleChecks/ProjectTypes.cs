namespace Crm.Wfm.Bundles.BundleChecks;

/// <summary>A subject type has at most one default project type.</summary>
internal static class ProjectTypes
{
    public static void Check(BundleDraft draft)
    {
        var defaults = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var type in draft.Root["projectTypes"].Members().Where(type => type["default"].Value.AsBoolean))
        {
            if (type["subject"].Text is not { } subject || defaults.TryAdd(subject, type.Name)) continue;
            draft.Refuse(type["default"], "two-defaults", $"'{defaults[subject]}' is the default for '{subject}' already");
        }
    }
}
