namespace Crm.Wfm.Bundles.BundleChecks;

/// <summary>What a merge could not decide somebody has to, before the bundle is one.</summary>
internal static class Conflicts
{
    public static void Check(BundleDraft draft)
    {
        var place = draft.Root[BundleMerge.ConflictsMember];
        if (place.Value.IsNull) return;
        foreach (var conflict in place.Items().DefaultIfEmpty(place))
        {
            draft.Refuse(conflict, "unresolved-conflict", $"a merge left {conflict["pointer"].Text ?? "something"} undecided: decide there, then remove this");
        }
    }
}
