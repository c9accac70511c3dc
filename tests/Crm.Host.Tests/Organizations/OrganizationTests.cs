using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Host.Tests.Organizations;

/// <summary>Organizations, as they are written down and shown.</summary>
public sealed class OrganizationTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Organization_has_all_that_was_said()
    {
        await host.HaveFieldAsync("organization", "vat");
        var said = JsonNode.Parse("""
            {
              "name": "Bäckerei Müller & Söhne", "domain": "bäckerei-müller.test", "website": "https://www.baeckerei-mueller.test/über-uns?lang=de", "email": "info@baeckerei-mueller.test",
              "phone": "+41 44 123 45 67", "industry": "Food", "employees": 0, "street": "Hauptstrasse 1a", "postalCode": "8001", "city": "Zürich", "country": "CH", "custom": { "vat": "CHE-123.456.789" }
            }
            """)!.AsObject();

        var organization = await host.Rep.PostAsync("/api/v1/organizations", said.ToJsonString());

        organization.Status.ShouldBe(HttpStatusCode.Created, organization.Text);
        foreach (var (name, value) in said) JsonNode.DeepEquals(organization.Json[name], value).ShouldBeTrue(name);
        (await host.EventsAsync("organization", organization)).ShouldBe(["crm.organization.created", "crm.organization.assigned"]);
    }

    [Theory]
    [InlineData("domain", "acme")]
    [InlineData("domain", "https://acme.test")]
    [InlineData("domain", "acme.test/about")]
    [InlineData("domain", "192.168.0.1")]
    [InlineData("domain", "-.test")]
    [InlineData("website", "www.acme.test")]
    [InlineData("website", "javascript:alert(1)")]
    [InlineData("website", "ftp://acme.test")]
    [InlineData("website", "https://")]
    [InlineData("website", "https://acme.test/a b")]
    [InlineData("email", "info(at)acme.test")]
    [InlineData("phone", "0800-ACME")]
    [InlineData("country", "ch")]
    [InlineData("country", "CHE")]
    [InlineData("country", "XX")]
    [InlineData("country", "UK")]
    [InlineData("country", "")]
    public async Task Value_of_the_wrong_form_is_refused_with_what_is_right(string member, string value)
    {
        var made = await host.Rep.PostAsync("/api/v1/organizations", new { name = "Acme" });
        var before = await host.RowsAsync();

        var created = (await host.Rep.PostAsync("/api/v1/organizations", new Dictionary<string, string> { ["name"] = "Acme", [member] = value })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
        var patched = (await host.Rep.PatchAsync($"/api/v1/organizations/{made["id"]}", new Dictionary<string, string> { [member] = value }, ("If-Match", "\"1\""))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");

        created.Faults.ShouldBe([$"/{member} invalid"]);
        created["detail"].GetValue<string>().ShouldStartWith("must be a");
        patched.WithoutTrace.ShouldBe(created.WithoutTrace);
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("-1", "invalid")]
    [InlineData("2147483648", "body")]
    [InlineData("12.5", "body")]
    [InlineData("\"12\"", "body")]
    public async Task Employees_are_counted(string employees, string key) =>
        (await host.Rep.PostAsync("/api/v1/organizations", $$"""{ "name": "Acme", "employees": {{employees}} }""")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([$"/employees {key}"]);
}
