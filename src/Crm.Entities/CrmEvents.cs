namespace Crm.Entities;

/// <summary>The types of the events the CRM emits, whatever processes it runs: what they emit besides is in their bundles.</summary>
public static class CrmEvents
{
    private static readonly string[] Records = ["deal", "lead", "person", "organization", "activity", "note", "view", "custom-field"];
    private static readonly string[] Owned = ["deal", "lead", "person", "organization"];
    private static readonly string[] OfRecords = ["created", "updated", "deleted", "restored"];

    /// <summary>Gets every type, in order.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Records.SelectMany(noun => OfRecords.Select(what => $"crm.{noun}.{what}"))
            .Concat(Owned.Select(noun => $"crm.{noun}.assigned"))
            .Concat(["crm.deal.stage-changed", "crm.lead.converted", "crm.activity.completed", "crm.meeting.completed"])
            .Concat(["crm.user.created", "crm.user.invited", "crm.user.joined", "crm.user.updated", "crm.user.deactivated", "crm.user.reactivated", "crm.user.password-changed", "crm.user.password-reset"])
            .Concat(["crm.api-key.created", "crm.api-key.revoked", "crm.team.created", "crm.team.updated", "crm.team.deleted", "crm.workspace.updated"])
            .Order(StringComparer.Ordinal),
    ];
}
