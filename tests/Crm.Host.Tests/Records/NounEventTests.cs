using System.Net;
using Crm.Host.Tests.Http;
using Crm.Host.Tests.Leads;
using Crm.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Host.Tests.Records;

/// <summary>Every command of every noun tells what it did; no query tells anything. Routes that come are missed here until somebody says which they are.</summary>
public sealed class NounEventTests(LeadHost host) : IClassFixture<LeadHost>
{
    private static readonly string[] Queries = ["BulkReadDeals", "BulkReadPeople", "BulkReadOrganizations", "BulkReadLeads"]; // by POST

    /// <summary>What a command tells of the record it is about.</summary>
    private static readonly Dictionary<string, string> Told = new()
    {
        ["CreatePerson"] = "crm.person.created crm.person.assigned",
        ["UpdatePerson"] = "crm.person.updated",
        ["AssignPerson"] = "crm.person.updated crm.person.assigned",
        ["DeletePerson"] = "crm.person.deleted",
        ["RestorePerson"] = "crm.person.restored",
        ["CreateOrganization"] = "crm.organization.created crm.organization.assigned",
        ["UpdateOrganization"] = "crm.organization.updated",
        ["AssignOrganization"] = "crm.organization.updated crm.organization.assigned",
        ["DeleteOrganization"] = "crm.organization.deleted",
        ["RestoreOrganization"] = "crm.organization.restored",
        ["CreateLead"] = "crm.lead.created crm.lead.assigned wfm.project.started",
        ["UpdateLead"] = "crm.lead.updated",
        ["AssignLead"] = "crm.lead.updated crm.lead.assigned",
        ["DeleteLead"] = "crm.lead.deleted",
        ["RestoreLead"] = "crm.lead.restored",
        ["MoveLead"] = "wfm.project.moved",
        ["ConvertLead"] = "crm.lead.updated crm.lead.converted wfm.project.moved wfm.project.completed",
        ["CreateDeal"] = "crm.deal.created crm.deal.assigned wfm.project.started",
        ["UpdateDeal"] = "crm.deal.updated",
        ["AssignDeal"] = "crm.deal.updated crm.deal.assigned",
        ["DeleteDeal"] = "crm.deal.deleted",
        ["RestoreDeal"] = "crm.deal.restored",
        ["MoveDeal"] = "wfm.project.moved crm.deal.stage-changed",
    };

    public static TheoryData<string> Commands => [.. Told.Keys];

    [Fact]
    public void Every_route_that_changes_something_is_a_command_here() =>
        Routes().Where(r => r.Method != "GET").Select(r => r.Name).Except(Queries).Order().ShouldBe(Told.Keys.Order());

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Command_tells_what_it_did(string command)
    {
        var noun = Noun.All.Single(n => command.EndsWith(n.Name, StringComparison.OrdinalIgnoreCase));
        var record = command switch
        {
            "ConvertLead" => await host.QualifiedAsync(),
            "MoveLead" => await host.LeadAsync(),
            _ => await noun.CreateAsync(host.Agent),
        };
        if (command.StartsWith("Restore")) await host.Agent.SendAsync(HttpMethod.Delete, noun.At(record), null, ("If-Match", "\"1\""));
        var before = command.StartsWith("Create") ? 0 : (await host.EventsAsync(noun.Name, record)).Count;

        var answer = await CarryOutAsync(command[..^noun.Name.Length], noun, record);

        answer.Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.NoContent);
        (await host.EventsAsync(noun.Name, command.StartsWith("Create") ? answer : record)).Skip(before).ShouldBe(Told[command].Split(' '));
    }

    [Fact]
    public async Task Query_tells_nothing_and_changes_nothing()
    {
        var records = new Dictionary<string, Answer>();
        foreach (var noun in Noun.All) records[noun.Path] = await noun.CreateAsync(host.Agent);
        var before = await host.RowsAsync();

        var asked = Routes().Where(r => r.Method == "GET").ToList();
        foreach (var route in asked)
        {
            var noun = Noun.All.Single(n => route.Path.StartsWith(n.Path + "/", StringComparison.Ordinal));
            (await host.Agent.GetAsync(route.Path.TrimEnd('/').Replace("{id}", $"{records[noun.Path]["id"]}"))).Status.ShouldBe(HttpStatusCode.OK, route.Path);
        }

        asked.Count.ShouldBeGreaterThan(7);
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("person", "")]
    [InlineData("organization", "")]
    [InlineData("lead", "")]
    [InlineData("lead", "/history")]
    [InlineData("deal", "")]
    public async Task Record_is_read_in_one_statement(string name, string below)
    {
        var noun = Noun.Of(name);
        var record = await noun.CreateAsync(host.Agent);
        using var sent = new SentStatements(host.Application);

        (await host.Agent.GetAsync(noun.At(record) + below)).Status.ShouldBe(HttpStatusCode.OK);

        // The event pump reads as well, events alone.
        sent.Texts.Count(t => t.StartsWith("SELECT", StringComparison.Ordinal) && !t.Contains("FROM wfm.event")).ShouldBe(1, string.Join('\n', sent.Texts));
    }

    private Task<Answer> CarryOutAsync(string verb, Noun noun, Answer record) => verb switch
    {
        "Create" => host.Agent.PostAsync(noun.Path, new { name = "Acme" }),
        "Update" => host.Agent.PatchAsync(noun.At(record), new { name = "Acme Ltd", version = 1 }),
        "Assign" => AssignAsync(noun, record),
        "Delete" => host.Agent.SendAsync(HttpMethod.Delete, noun.At(record), null, ("If-Match", "\"1\"")),
        "Restore" => host.Agent.SendAsync(HttpMethod.Post, $"{noun.At(record)}/restore", null),
        "Move" => host.Agent.PostAsync($"{noun.At(record)}/moves", new { transition = "contact", version = 1 }),
        "Convert" => host.ConvertAsync(record),
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, null),
    };

    private async Task<Answer> AssignAsync(Noun noun, Answer record) => await host.Agent.PostAsync($"{noun.At(record)}/assign", new { ownerId = await host.UserAsync(), version = 1 });

    private IEnumerable<(string Method, string Path, string Name)> Routes() =>
        from route in host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let path = route.RoutePattern.RawText!.Replace(":guid", "")
        where Noun.All.Any(n => (path + "/").StartsWith(n.Path + "/", StringComparison.Ordinal))
        from method in route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
        select (method, path, route.Metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName);
}
