using System.Text.Json;
using Crm.Entities.CustomFields;
using Crm.Wfm;

namespace Crm.Entities.Leads;

/// <summary>What rules see of a lead at <c>entity.*</c>.</summary>
public sealed record LeadFacts(
    Guid Id, string Name, string? Company, string? JobTitle, string? Email, string? Phone, string? Source, decimal? Budget, string Currency, string? Authority, string? Need, string? Timeline,
    Guid? OwnerId, DateTimeOffset? QualifiedAt, string? DisqualifiedReason, DateTimeOffset? ConvertedAt, Dictionary<string, JsonElement> Custom)
{
    /// <summary>Lets processes govern leads.</summary>
    public static void Govern(WfmBuilder wfm)
    {
        ArgumentNullException.ThrowIfNull(wfm);
        wfm.Govern<Lead>("lead", l => l.Id,
            l => new LeadFacts(l.Id, l.Name, l.Company, l.JobTitle, l.Email, l.Phone, l.Source, l.Budget, l.Currency, l.Authority, l.Need, l.Timeline,
                l.OwnerId, l.QualifiedAt, l.DisqualifiedReason, l.ConvertedAt, CustomValues.Read(l.Custom)),
            lead => lead
                .Relation("owner", l => l.OwnerId)
                .Settable(l => l.Company).Settable(l => l.JobTitle).Settable(l => l.Email).Settable(l => l.Phone).Settable(l => l.Source).Settable(l => l.Budget)
                .Settable(l => l.Currency).Settable(l => l.Authority).Settable(l => l.Need).Settable(l => l.Timeline)
                .Settable(l => l.QualifiedAt).Settable(l => l.DisqualifiedReason).SettableMembers(l => l.Custom)
                .Version(l => l.Version).Updated(l => l.UpdatedAt, l => l.UpdatedBy)
                .Mirror(l => l.ProjectId, l => l.Step, l => l.StepEnteredAt, l => l.Probability));
    }
}
