using System.Net;

namespace Crm.Host.Tests.People;

/// <summary>People, as they are written down and shown.</summary>
public sealed class PersonTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Person_has_all_that_was_said_and_the_name_of_where_they_work()
    {
        var organization = await host.SomethingAsync("organization", name: "Analytical Engines");
        var said = new { name = "Ada King", firstName = "Ada", lastName = "King", email = "ada.king+crm@engines.test", phone = "+44 (0)20 7946-0000 ext. 12", jobTitle = "Countess", organizationId = organization };

        var person = await host.Rep.PostAsync("/api/v1/people", said);

        person.Status.ShouldBe(HttpStatusCode.Created, person.Text);
        foreach (var member in said.GetType().GetProperties()) person[member.Name].ToString().ShouldBe(member.GetValue(said)!.ToString());
        person["organizationName"].GetValue<string>().ShouldBe("Analytical Engines");
        person["custom"].ToJsonString().ShouldBe("{}");
        (await host.EventsAsync("person", person)).ShouldBe(["crm.person.created", "crm.person.assigned"]);
    }

    [Theory]
    [InlineData("email", "ada")]
    [InlineData("email", "ada@")]
    [InlineData("email", "ada king@engines.test")]
    [InlineData("email", "ada@engines.test\r\nBcc: all@engines.test")]
    [InlineData("phone", "call me")]
    [InlineData("phone", "12")]
    [InlineData("phone", "+44 20 7946 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000")]
    [InlineData("phone", "")]
    public async Task Value_of_the_wrong_form_is_refused_with_what_is_right(string member, string value)
    {
        var before = await host.RowsAsync();

        var answer = (await host.Rep.PostAsync("/api/v1/people", new Dictionary<string, string> { ["name"] = "Ada", [member] = value })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");

        answer.Faults.ShouldAllBe(f => f == $"/{member} invalid");
        answer.Faults.ShouldNotBeEmpty();
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Every_fault_is_told_at_once()
    {
        var answer = await host.Rep.PostAsync("/api/v1/people", new { name = "", firstName = new string('a', 5000), lastName = new string('a', 5000), jobTitle = new string('a', 5000), email = new string('a', 5000), phone = "none" });

        answer.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.Order().ShouldBe(
            ["/email invalid", "/firstName invalid", "/jobTitle invalid", "/lastName invalid", "/name invalid", "/phone invalid"]);
        answer["faults"].AsArray().Select(f => f!["message"]!.GetValue<string>()).ShouldBeSubsetOf(
        [
            "must be an e-mail address", "must be a phone number such as +41 44 123 45 67", "The field Name must be a string with a minimum length of 1 and a maximum length of 200.",
            "The field FirstName must be a string with a maximum length of 100.", "The field LastName must be a string with a maximum length of 100.", "The field JobTitle must be a string with a maximum length of 200.",
        ]);
    }
}
