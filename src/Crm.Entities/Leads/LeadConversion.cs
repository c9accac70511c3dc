using Crm.Entities.Deals;
using Crm.Entities.Organizations;
using Crm.Entities.People;
using Crm.Entities.Records;
using Crm.Wfm;
using Crm.Wfm.Moves;
using Microsoft.EntityFrameworkCore;

namespace Crm.Entities.Leads;

/// <summary>
/// The post-action <c>convertLead</c>: a lead becomes a person, an organization and a deal in the transaction of the move that names it, so that it is converted the
/// same way whoever moves it, on whatever path, and never by half. Once: a lead that comes by again stays what it became.
/// </summary>
public sealed class LeadConversion(CrmDbContext db, RecordWriter writer, MoveEngine engine) : IPostAction
{
    /// <summary>Its name in bundles.</summary>
    public const string Name = "convertLead";

    /// <inheritdoc/>
    public async Task<MoveResult?> RunAsync(PostActionContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Project.Subject is not { Type: "lead", Id: var id }) return Invalid(new Fault("/transition", "no-lead", $"{Name} converts leads, and this is none."));
        if (ConversionOptions.Read(context.Plan.Facts["input"], out var fault) is not { } options) return Invalid(fault!);
        var lead = await LeadAsync(Guid.Parse(id), ct);
        if (lead.ConvertedAt is not null) return null;
        var person = options.PersonId is { } known ? await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == known, ct) : null;
        if (await FaultsAsync(lead, options, person, ct) is { Count: > 0 } faults) return Invalid([.. faults]);

        var author = new Author(context.Actor, context.Cause, context.At);
        var deal = AddDeal(lead, options, person);
        if (await SaveAsync(author, ct) is { } refused) return refused;
        (lead.ConvertedAt, lead.ConvertedDealId, lead.ConvertedPersonId, lead.ConvertedOrganizationId) = (context.At.ToUniversalTime(), deal.Id, deal.PersonId, deal.OrganizationId);
        return await SaveAsync(author, ct) ?? await StartAsync(deal, context, ct);
    }

    // The move may have changed the lead since its caller read it.
    private async Task<Lead> LeadAsync(Guid id, CancellationToken ct)
    {
        var lead = await db.Leads.SingleAsync(l => l.Id == id, ct);
        await db.Entry(lead).ReloadAsync(ct);
        return lead;
    }

    private async Task<IReadOnlyList<Fault>> FaultsAsync(Lead lead, ConversionOptions options, Person? person, CancellationToken ct)
    {
        var faults = new List<Fault>();
        if (options.PersonId is not null && person is null) faults.Add(new("/input/personId", "not-found", "There is no such person."));
        if (options.OrganizationId is { } organization && !await db.Organizations.AnyAsync(o => o.Id == organization, ct))
        {
            faults.Add(new("/input/organizationId", "not-found", "There is no such organization."));
        }

        if (options is { Amount: null, Currency: { } currency } && lead.Budget is not null && currency != lead.Currency)
        {
            faults.Add(new("/input/amount", "required", $"The budget is in {lead.Currency}: say the amount in {currency}."));
        }

        return faults;
    }

    private Deal AddDeal(Lead lead, ConversionOptions options, Person? person)
    {
        var organization = options.OrganizationId ?? person?.OrganizationId ?? (lead.Company is { } company ? AddOrganization(lead, company).Id : null);
        return db.Deals.Add(new()
        {
            WorkspaceId = lead.WorkspaceId,
            Id = NewId(),
            Name = options.DealName ?? lead.Company ?? lead.Name,
            Amount = options.Amount ?? lead.Budget,
            Currency = options.Currency ?? lead.Currency,
            OwnerId = lead.OwnerId,
            PersonId = options.PersonId ?? AddPerson(lead, organization).Id,
            OrganizationId = organization,
            LeadId = lead.Id,
        }).Entity;
    }

    private Organization AddOrganization(Lead lead, string company) =>
        db.Organizations.Add(new() { WorkspaceId = lead.WorkspaceId, Id = NewId(), Name = company, Website = lead.Website, OwnerId = lead.OwnerId }).Entity;

    private Person AddPerson(Lead lead, Guid? organization) => db.People.Add(new()
    {
        WorkspaceId = lead.WorkspaceId,
        Id = NewId(),
        Name = lead.Name,
        Email = lead.Email,
        Phone = lead.Phone,
        JobTitle = lead.JobTitle,
        OrganizationId = organization,
        OwnerId = lead.OwnerId,
    }).Entity;

    private async Task<MoveResult?> SaveAsync(Author author, CancellationToken ct) => await writer.SaveAsync(author, ct) switch
    {
        SaveResult.Invalid invalid => Invalid([.. invalid.Faults.Select(f => f with { Pointer = f.Pointer == "/name" ? "/input/dealName" : "/input" + f.Pointer })]),
        SaveResult.Stale => new MoveResult.Conflict(null, "Somebody else changed the lead at the same moment; read it again."),
        _ => null,
    };

    // Without a published process for deals there is none to start.
    private async Task<MoveResult?> StartAsync(Deal deal, PostActionContext context, CancellationToken ct)
    {
        var started = await engine.StartAsync(new(new SubjectRef(deal.Noun, deal.Id), context.Actor) { Cause = context.Cause, Past = new(context.At) }, ct);
        return started switch
        {
            MoveResult.Moved or MoveResult.NotFound => null,
            MoveResult.Refused refused => refused with { Step = context.Project.Step, Version = context.Project.Version },
            _ => started,
        };
    }

    private Guid NewId() => Guid.CreateVersion7(writer.Now());

    private static MoveResult.Invalid Invalid(params IReadOnlyList<Fault> faults) => new(faults);
}
