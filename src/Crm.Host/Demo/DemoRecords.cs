using Bogus;
using Crm.Entities;
using Crm.Entities.Activities;
using Crm.Entities.Deals;
using Crm.Entities.Leads;
using Crm.Entities.Organizations;
using Crm.Entities.Records;
using Crm.Entities.Users;
using Crm.Host.Accounts;
using Crm.Wfm;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Records;
using Microsoft.EntityFrameworkCore;
using Person = Crm.Entities.People.Person;

namespace Crm.Host.Demo;

/// <summary>
/// Something to look at: three people's sales and other work of the last weeks. The names come from a fixed seed; the days count back from the day it is made. All of it goes
/// the way real work goes, through the writer and the gate, in one transaction.
/// </summary>
internal sealed class DemoRecords(CrmDbContext db, RecordWriter writer, MoveEngine engine, RecordStore records, CurrentWorkspace workspace, Passwords passwords, TimeProvider time)
{
    private const int Seed = 20260101;
    private readonly Faker _fake = new("en") { Random = new Randomizer(Seed) };
    private readonly DateTimeOffset _now = time.GetUtcNow();
    private readonly List<Organization> _organizations = [];
    private readonly List<Person> _people = [];

    /// <summary>Makes the records, unless there are some.</summary>
    public async Task MakeAsync(CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginWorkspaceAsync(workspace.Id, ct);
        if (await db.Organizations.IgnoreQueryFilters().AnyAsync(ct)) return;
        var users = await DemoUsers.EnsureAsync(db, passwords, _now, ct);
        foreach (var i in Enumerable.Range(0, 40)) await OrganizationAsync(users[i % users.Count], ct);
        foreach (var i in Enumerable.Range(0, 80)) await PersonAsync(_organizations[i % 40], users[i % users.Count], ct);
        foreach (var i in Enumerable.Range(0, 80)) await DealAsync(DemoPath.OfDeals[i % DemoPath.OfDeals.Count], users[i % users.Count], ct);
        foreach (var i in Enumerable.Range(0, 40)) await LeadAsync(DemoPath.OfLeads[i % DemoPath.OfLeads.Count], users[i % users.Count], ct);
        await new DemoWork(records, engine, _now).MakeAsync(users, ct);
        await transaction.CommitAsync(ct);
    }

    private async Task OrganizationAsync(User owner, CancellationToken ct)
    {
        var name = _fake.Company.CompanyName();
        var organization = Add(new Organization
        {
            WorkspaceId = workspace.Id, Id = NewId(), Name = name, Domain = Domain(name), Website = $"https://{Domain(name)}", Phone = _fake.Phone.PhoneNumber("+49 ### ######"),
            Industry = _fake.PickRandom("Manufacturing", "Software", "Retail", "Healthcare", "Logistics", "Energy"), Employees = _fake.Random.Int(5, 5000),
            Street = _fake.Address.StreetAddress(), PostalCode = _fake.Address.ZipCode("#####"), City = _fake.Address.City(), Country = _fake.PickRandom("DE", "AT", "CH", "NL", "FR"), OwnerId = owner.Id,
        });
        _organizations.Add(organization);
        await SaveAsync(owner, _now.AddDays(-_fake.Random.Int(70, 200)), ct);
    }

    private async Task PersonAsync(Organization organization, User owner, CancellationToken ct)
    {
        var (first, last) = (_fake.Name.FirstName(), _fake.Name.LastName());
        _people.Add(Add(new Person
        {
            WorkspaceId = workspace.Id, Id = NewId(), Name = $"{first} {last}", FirstName = first, LastName = last, Email = $"{first}.{last}@{organization.Domain}".ToLowerInvariant(),
            Phone = _fake.Phone.PhoneNumber("+49 ### ######"), JobTitle = _fake.Name.JobTitle(), OrganizationId = organization.Id, OwnerId = owner.Id,
        }));
        await SaveAsync(owner, _now.AddDays(-_fake.Random.Int(60, 69)), ct);
    }

    private async Task DealAsync(DemoPath path, User owner, CancellationToken ct)
    {
        var begun = Begin(path);
        var person = _fake.PickRandom(_people);
        var deal = Add(new Deal
        {
            WorkspaceId = workspace.Id, Id = NewId(), Name = $"{_organizations.Single(o => o.Id == person.OrganizationId).Name}: {_fake.Commerce.ProductName()}", OwnerId = owner.Id,
            Amount = path.Transitions.Count < 2 && _fake.Random.Bool() ? null : _fake.Random.Int(5, 900) * 100, Currency = _fake.Random.Int(0, 9) < 8 ? "EUR" : "USD",
            Discount = path.Transitions.Count > 2 ? _fake.Random.Int(0, 15) / 100m : null, PersonId = person.Id, OrganizationId = person.OrganizationId,
            ExpectedCloseOn = DateOnly.FromDateTime(_now.UtcDateTime).AddDays(_fake.Random.Int(-10, 90)),
        });
        await SaveAsync(owner, begun, ct);
        await WalkAsync(deal, path, owner, begun, ct);
        if (path.IsOpen) await ActivityAsync(owner, a => a.DealId = deal.Id, ct);
    }

    private async Task LeadAsync(DemoPath path, User owner, CancellationToken ct)
    {
        var begun = Begin(path);
        var (first, last, company) = (_fake.Name.FirstName(), _fake.Name.LastName(), _fake.Company.CompanyName());
        var lead = Add(new Lead
        {
            WorkspaceId = workspace.Id, Id = NewId(), Name = $"{first} {last}", Company = company, JobTitle = _fake.Name.JobTitle(), Email = $"{first}.{last}@{Domain(company)}".ToLowerInvariant(),
            Phone = _fake.Phone.PhoneNumber("+49 ### ######"), Source = _fake.PickRandom("website", "referral", "fair", "newsletter"), Currency = "EUR", OwnerId = owner.Id,
            Budget = path.Transitions.Count > 1 ? _fake.Random.Int(20, 400) * 100 : null, Authority = path.Transitions.Count > 1 ? _fake.PickRandom("decides", "influences") : null,
            Need = path.Transitions.Count > 1 ? _fake.Commerce.ProductDescription() : null, Timeline = path.Transitions.Count > 1 ? _fake.PickRandom("this-quarter", "this-year") : null,
        });
        await SaveAsync(owner, begun, ct);
        await WalkAsync(lead, path, owner, begun, ct);
        if (path.IsOpen && _fake.Random.Bool()) await ActivityAsync(owner, a => a.LeadId = lead.Id, ct);
    }

    private async Task ActivityAsync(User owner, Action<Activity> about, CancellationToken ct)
    {
        var kind = _fake.PickRandom("task", "call", "meeting", "email");
        var due = _now.AddDays(_fake.Random.Int(-6, 12)).AddHours(_fake.Random.Int(0, 8));
        var activity = Add(new Activity
        {
            WorkspaceId = workspace.Id, Id = NewId(), Kind = kind, AssigneeId = owner.Id, DueAt = due,
            Subject = kind switch { "call" => "Call back", "meeting" => "Show the product", "email" => "Send the documents", _ => "Prepare the next step" },
            DoneAt = due < _now && _fake.Random.Int(0, 2) == 0 ? due : null,
        });
        activity.DoneBy = activity.DoneAt is null ? null : owner.Id;
        about(activity);
        await SaveAsync(owner, _now.AddDays(-7), ct);
    }

    private async Task WalkAsync(CrmRecord record, DemoPath path, User owner, DateTimeOffset begun, CancellationToken ct)
    {
        var actor = new Actor(owner.Id, owner.Roles);
        var at = begun;
        var result = await engine.StartAsync(new(new SubjectRef(record.Noun, record.Id), actor) { Past = new(at) }, ct);
        foreach (var transition in path.Transitions)
        {
            at = at.AddHours(_fake.Random.Int(20, 150));
            result = await engine.MoveAsync(new(Moved(result).Project, transition, actor) { Input = DemoPath.Input(transition), Past = new(at < _now ? at : _now) }, ct);
        }

        Moved(result);
        db.ChangeTracker.Clear();
    }

    // A sample process that does not let the demo through is a mistake of ours; better no demo than half of one.
    private static MoveResult.Moved Moved(MoveResult result) => result as MoveResult.Moved ?? throw new InvalidOperationException($"The demo's own move came to {result}.");

    private DateTimeOffset Begin(DemoPath path) => _now.AddDays(-(path.Transitions.Count * 7) - _fake.Random.Int(1, 14));

    private Guid NewId() => Guid.CreateVersion7(_now);

    private T Add<T>(T record)
        where T : CrmRecord
    {
        db.Add(record);
        return record;
    }

    private async Task SaveAsync(User by, DateTimeOffset at, CancellationToken ct)
    {
        if (await writer.SaveAsync(new(new(by.Id, by.Roles), Past: at), ct) is SaveResult.Invalid invalid) throw new InvalidOperationException(invalid.Faults[0].ToString());
    }

    private static string Domain(string name) => string.Concat(name.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit)) + ".test";
}
