using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Text.Json.Nodes;
using Crm.Entities.Deals;
using Crm.Host.Records;
using Crm.Wfm.Persistence;

namespace Crm.Host.Deals;

/// <summary>What people may say of a deal. Step, probability, close and lost reason are the process's.</summary>
internal sealed record DealFields(
    [property: StringLength(200, MinimumLength = 1)] string Name, [property: Range(0, 1e15)] decimal? Amount = null, [property: StringLength(3, MinimumLength = 3)] string? Currency = null,
    Guid? OwnerId = null, Guid? PersonId = null, Guid? OrganizationId = null, DateOnly? ExpectedCloseOn = null, [property: Range(0, 1)] decimal? Discount = null, JsonObject? Custom = null) : IFields<DealFields, Deal>
{
    public static DealFields Of(Deal d) => new(d.Name, d.Amount, d.Currency, d.OwnerId, d.PersonId, d.OrganizationId, d.ExpectedCloseOn, d.Discount, CustomText.Read(d.Custom));

    public void Write(Deal deal)
    {
        (deal.Name, deal.Amount, deal.Currency, deal.OwnerId) = (Name, Amount, Currency ?? deal.Currency, OwnerId);
        (deal.PersonId, deal.OrganizationId, deal.ExpectedCloseOn, deal.Discount) = (PersonId, OrganizationId, ExpectedCloseOn, Discount);
        deal.Custom = CustomText.Of(Custom);
    }
}

/// <summary>A deal as the API shows it: its fields, names of what it points to, and where its project stands.</summary>
internal sealed record DealResponse(
    Guid Id, string Name, decimal? Amount, string Currency, Guid? OwnerId, string? OwnerName, Guid? PreviousOwnerId, Guid? PersonId, string? PersonName,
    Guid? OrganizationId, string? OrganizationName, Guid? LeadId, DateOnly? ExpectedCloseOn, decimal? Discount, DateTimeOffset? ClosedAt, string? LostReason,
    Guid? ProjectId, string? Step, DateTimeOffset? StepEnteredAt, double? Probability, int? ProjectVersion, JsonObject Custom, int Version,
    DateTimeOffset CreatedAt, Guid CreatedBy, DateTimeOffset UpdatedAt, Guid UpdatedBy)
{
    /// <summary>Reads it in one statement.</summary>
    public static Expression<Func<Deal, DealResponse>> From(IQueryable<ProjectRow> projects) => d => new(
        d.Id, d.Name, d.Amount, d.Currency, d.OwnerId, d.Owner!.Name, d.PreviousOwnerId, d.PersonId, d.Person!.Name,
        d.OrganizationId, d.Organization!.Name, d.LeadId, d.ExpectedCloseOn, d.Discount, d.ClosedAt, d.LostReason,
        d.ProjectId, d.Step, d.StepEnteredAt, d.Probability, projects.Where(p => p.WorkspaceId == d.WorkspaceId && p.Id == d.ProjectId).Select(p => (int?)p.Version).FirstOrDefault(),
        CustomText.Read(d.Custom), d.Version, d.CreatedAt, d.CreatedBy, d.UpdatedAt!.Value, d.UpdatedBy!.Value);
}
