using System.Net;
using Npgsql;

namespace Crm.Host.Tests.Http;

/// <summary>The samples as users of the host meet them.</summary>
public sealed class SampleTests(SampleHost host) : IClassFixture<SampleHost>
{
    /// <summary>What the samples govern that is no generic record.</summary>
    private static readonly string[] Entities = ["deal", "lead"];

    /// <summary>Reasons that are not about what a user could enter.</summary>
    private static readonly string[] NoField = ["no-edge", "closed", "four-eyes", "wip-limit", "reopens-left", "not-extended-yet", "accounts-ready", "equipment-ready", "rolled-out-to-all"];

    public static TheoryData<string, string> Scenarios
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (file, bundle) in SampleHost.Bundles.Where(b => !b.Value.ProjectTypes.Values.Any(t => Entities.Contains(t.Subject))))
            {
                foreach (var test in bundle.Tests.Values.Where(SampleWalk.Begins)) data.Add(file, test.Key);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public Task Embedded_test_from_the_first_step_goes_the_same_way_over_HTTP(string file, string test)
    {
        var bundle = SampleHost.Bundles[file];
        return new SampleWalk(host, bundle, bundle.Tests[test]).GoAsync();
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Refused_act_of_an_embedded_test_moves_with_the_fix_it_is_told(string file, string test)
    {
        var bundle = SampleHost.Bundles[file];
        foreach (var act in bundle.Tests[test].Steps.Where(s => s.Expect.BlockedBy is { Count: > 0 } keys && !keys.Contains("not-allowed")))
        {
            var isFixed = await new SampleWalk(host, bundle, bundle.Tests[test]).FixAsync(act);
            isFixed.ShouldBe(!act.Expect.BlockedBy!.Any(NoField.Contains), $"{act.Do}: {string.Join(", ", act.Expect.BlockedBy!)}");
        }
    }

    [Fact]
    public void Every_sample_of_generic_records_has_a_happy_path_that_is_walked() =>
        Scenarios.Where(s => (string)s[1] == "happy-path").Select(s => (string)s[0]).ShouldBe(
            ["customer-support", "employee-onboarding", "invoice-processing", "loan-application", "marketing-campaign", "product-development"], ignoreOrder: true);

    [Fact]
    public async Task Roles_of_bundles_become_roles_of_the_workspace()
    {
        await using var owner = NpgsqlDataSource.Create(host.Owner);
        await using var read = owner.CreateCommand("select array_agg(key) from wfm.role where workspace_id = $1");
        read.Parameters.AddWithValue(host.Workspace);

        var roles = (string[])(await read.ExecuteScalarAsync())!;

        SampleHost.Bundles.Values.SelectMany(b => b.Roles.Keys).ShouldBeSubsetOf(roles);
    }

    [Theory]
    [InlineData("ticket", """{ "priority": "asap" }""", "/fields/priority enum")]
    [InlineData("ticket", """{ "requesterEmail": "ann" }""", "/fields/requesterEmail format")]
    [InlineData("ticket", """{ "reopenCount": 0 }""", "/fields/reopenCount read-only")]
    [InlineData("employee", """{ "startOn": "1.4.2026" }""", "/fields/startOn format")]
    [InlineData("employee", """{ "approvedSalary": 1 }""", "/fields/approvedSalary read-only")]
    [InlineData("campaign", """{ "channels": ["email", "fax"] }""", "/fields/channels/1 enum")]
    [InlineData("campaign", """{ "budget": -1 }""", "/fields/budget minimum")]
    [InlineData("feature", """{ "confidence": 80 }""", "/fields/confidence maximum")]
    [InlineData("feature", """{ "acceptanceCriteria": [""] }""", "/fields/acceptanceCriteria/0 min-length")]
    [InlineData("invoice", """{ "currency": "Euro" }""", "/fields/currency pattern")]
    [InlineData("invoice", """{ "grossAmount": "1190" }""", "/fields/grossAmount type")]
    [InlineData("invoice", """{ "grosAmount": 1190 }""", "/fields/grosAmount additional-property")]
    [InlineData("invoice", """{ "approvedBy": "00000000-0000-7000-8000-000000000003" }""", "/fields/approvedBy read-only")]
    public async Task Field_that_does_not_meet_its_schema_is_refused_at_its_place_and_nothing_is_stored(string type, string fields, string fault)
    {
        var before = await host.RowsAsync();

        (await host.Admin.PostAsync("/api/v1/records", $$"""{ "type": "{{type}}", "name": "Bad", "fields": {{fields}} }"""))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);

        (await host.RowsAsync()).ShouldBe(before);
    }
}
