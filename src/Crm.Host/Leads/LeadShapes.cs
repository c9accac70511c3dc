using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Text.Json.Nodes;
using Crm.Entities.Leads;
using Crm.Host.Records;
using Crm.Wfm.Persistence;

namespace Crm.Host.Leads;

/// <summary>What a lead's person has to say in the purchase.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AuthorityAttribute : AllowedValuesAttribute
{
    public AuthorityAttribute()
        : base("decides", "influences", "none", null) => ErrorMessage = "must be decides, influences or none";
}

/// <summary>When a lead is to buy.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimelineAttribute : AllowedValuesAttribute
{
    public TimelineAttribute()
        : base("this-quarter", "this-year", "later", null) => ErrorMessage = "must be this-quarter, this-year or later";
}

/// <summary>What people may say of a lead. Qualification, disqualification and conversion are the process's.</summary>
internal sealed record LeadFields(
    [property: StringLength(200, MinimumLength = 1)] string Name, [property: StringLength(200, MinimumLength = 1)] string? Company = null, [property: StringLength(200)] string? JobTitle = null,
    [property: Format("email")] string? Email = null, [property: StringLength(50), Format("phone")] string? Phone = null, [property: StringLength(2000), Format("website")] string? Website = null,
    [property: StringLength(100)] string? Source = null, [property: Range(0, 1e15)] decimal? Budget = null, [property: StringLength(3, MinimumLength = 3)] string? Currency = null,
    [property: Authority] string? Authority = null, [property: StringLength(2000)] string? Need = null, [property: Timeline] string? Timeline = null,
    Guid? OwnerId = null, JsonObject? Custom = null) : IFields<LeadFields, Lead>
{
    public static LeadFields Of(Lead l) => new(
        l.Name, l.Company, l.JobTitle, l.Email, l.Phone, l.Website, l.Source, l.Budget, l.Currency, l.Authority, l.Need, l.Timeline, l.OwnerId, CustomText.Read(l.Custom));

    public void Write(Lead lead)
    {
        (lead.Name, lead.Company, lead.JobTitle, lead.Email, lead.Phone, lead.Website, lead.Source) = (Name, Company, JobTitle, Email, Phone, Website, Source);
        (lead.Budget, lead.Currency, lead.Authority, lead.Need, lead.Timeline) = (Budget, Currency ?? lead.Currency, Authority, Need, Timeline);
        (lead.OwnerId, lead.Custom) = (OwnerId, CustomText.Of(Custom));
    }
}

/// <summary>A lead as the API shows it: its fields, its owner's name, where its project stands, and what it became.</summary>
internal sealed record LeadResponse(
    Guid Id, string Name, string? Company, string? JobTitle, string? Email, string? Phone, string? Website, string? Source, decimal? Budget, string Currency,
    [property: Authority] string? Authority, string? Need, [property: Timeline] string? Timeline, Guid? OwnerId, string? OwnerName, Guid? PreviousOwnerId, DateTimeOffset? QualifiedAt, string? DisqualifiedReason,
    DateTimeOffset? ConvertedAt, Guid? ConvertedDealId, Guid? ConvertedPersonId, Guid? ConvertedOrganizationId,
    Guid? ProjectId, string? Step, DateTimeOffset? StepEnteredAt, double? Probability, int? ProjectVersion, JsonObject Custom, int Version,
    DateTimeOffset CreatedAt, Guid CreatedBy, DateTimeOffset UpdatedAt, Guid UpdatedBy)
{
    /// <summary>Reads it in one statement.</summary>
    public static Expression<Func<Lead, LeadResponse>> From(IQueryable<ProjectRow> projects) => l => new(
        l.Id, l.Name, l.Company, l.JobTitle, l.Email, l.Phone, l.Website, l.Source, l.Budget, l.Currency,
        l.Authority, l.Need, l.Timeline, l.OwnerId, l.Owner!.Name, l.PreviousOwnerId, l.QualifiedAt, l.DisqualifiedReason,
        l.ConvertedAt, l.ConvertedDealId, l.ConvertedPersonId, l.ConvertedOrganizationId,
        l.ProjectId, l.Step, l.StepEnteredAt, l.Probability, projects.Where(p => p.WorkspaceId == l.WorkspaceId && p.Id == l.ProjectId).Select(p => (int?)p.Version).FirstOrDefault(),
        CustomText.Read(l.Custom), l.Version, l.CreatedAt, l.CreatedBy, l.UpdatedAt!.Value, l.UpdatedBy!.Value);
}
