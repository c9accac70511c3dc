using System.Text.Json;
using Crm.Entities.CustomFields;
using Crm.Wfm;

namespace Crm.Entities.Deals;

/// <summary>What rules see of a deal at <c>entity.*</c>.</summary>
public sealed record DealFacts(
    Guid Id, string Name, decimal? Amount, string Currency, Guid? OwnerId, Guid? PersonId, Guid? OrganizationId, DateOnly? ExpectedCloseOn, decimal? Discount,
    DateTimeOffset? ClosedAt, string? LostReason, Dictionary<string, JsonElement> Custom)
{
    /// <summary>Lets processes govern deals.</summary>
    public static void Govern(WfmBuilder wfm)
    {
        ArgumentNullException.ThrowIfNull(wfm);
        wfm.Govern<Deal>("deal", d => d.Id,
            d => new DealFacts(d.Id, d.Name, d.Amount, d.Currency, d.OwnerId, d.PersonId, d.OrganizationId, d.ExpectedCloseOn, d.Discount, d.ClosedAt, d.LostReason, CustomValues.Read(d.Custom)),
            deal => deal
                .Relation("owner", d => d.OwnerId)
                .Settable(d => d.Amount).Settable(d => d.Currency).Settable(d => d.PersonId).Settable(d => d.OrganizationId).Settable(d => d.ExpectedCloseOn)
                .Settable(d => d.Discount).Settable(d => d.ClosedAt).Settable(d => d.LostReason).SettableMembers(d => d.Custom)
                .Version(d => d.Version).Updated(d => d.UpdatedAt, d => d.UpdatedBy)
                .Mirror(d => d.ProjectId, d => d.Step, d => d.StepEnteredAt, d => d.Probability)
                .EmitOnMove("crm.deal.stage-changed"));
    }
}
