using System.Net;
using Crm.Host.Tests.Http;
using Npgsql;

namespace Crm.Host.Tests.Leads;

/// <summary>The host with somebody who works on leads.</summary>
public sealed class LeadHost : CrmHost
{
    /// <summary>Works on the leads and deals that are their own.</summary>
    public Api Agent { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Agent = As(await KeyAsync(Workspace, "lead-agent", "sales-rep"));
    }

    /// <summary>Creates a lead that all is known of, the agent's own.</summary>
    public async Task<Answer> LeadAsync(string name = "Ada King", string? company = "Analytical Engines", string authority = "decides", decimal? budget = 24000.5m)
    {
        var lead = await Agent.PostAsync("/api/v1/leads", new
        {
            name, company, jobTitle = "Countess", email = "ada@engines.test", phone = "+44 20 7946 0000", website = "https://engines.test", source = "fair",
            budget, currency = "GBP", authority, need = "To compute", timeline = "this-year",
        });
        lead.Status.ShouldBe(HttpStatusCode.Created, lead.Text);
        return lead;
    }

    /// <summary>Creates a lead and qualifies it.</summary>
    public async Task<Answer> QualifiedAsync(string name = "Ada King", string? company = "Analytical Engines", Api? by = null)
    {
        var lead = await LeadAsync(name, company);
        (await MoveAsync(lead, "contact", 1, by: by)).Status.ShouldBe(HttpStatusCode.OK);
        (await MoveAsync(lead, "qualify", 2, by: by)).Status.ShouldBe(HttpStatusCode.OK);
        return lead;
    }

    public Task<Answer> MoveAsync(Answer lead, string transition, int version, object? input = null, Api? by = null) =>
        (by ?? Agent).PostAsync($"/api/v1/leads/{lead["id"]}/moves", new { transition, version, input });

    public Task<Answer> ConvertAsync(Answer lead, object? body = null, params (string Name, string Value)[] headers) =>
        Agent.PostAsync($"/api/v1/leads/{lead["id"]}/conversion", body ?? new { }, headers);

    /// <summary>Counts the rows of everything a conversion makes, whatever the workspace; of events those of people, for the process's own flows tell some in their own time.</summary>
    public async Task<(long Organizations, long People, long Deals, long Events)> MadeAsync()
    {
        await using var owner = NpgsqlDataSource.Create(Owner);
        await using var read = owner.CreateCommand(
            "select (select count(*) from crm.organization), (select count(*) from crm.person), (select count(*) from crm.deal), (select count(*) from wfm.event where actor_id <> '00000000-0000-0000-0000-000000000000')");
        await using var row = await read.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
    }
}
