using System.Net;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Lists;

/// <summary>Deals are found by what is known of them.</summary>
public sealed class DealListTests(DealListTests.Deals given) : IClassFixture<DealListTests.Deals>
{
    [Theory]
    [InlineData("", "Umbrella, Öhringen; Initech 100%; Globex; Acme Süd; Acme")]
    [InlineData("name=Acme", "Acme")]
    [InlineData("name=Acme&name=Globex", "Globex; Acme")]
    [InlineData("name=Umbrella, Öhringen", "Umbrella, Öhringen")]
    [InlineData("name.contains=ACME", "Acme Süd; Acme")]
    [InlineData("name.contains=SÜD", "Acme Süd")]
    [InlineData("name.contains=0%25", "Initech 100%")]
    [InlineData("name.contains=_", "")]
    [InlineData("name.contains=\\", "")]
    [InlineData("name.startsWith=umb", "Umbrella, Öhringen")]
    [InlineData("name.startsWith=me", "")]
    [InlineData("name.ne=Acme", "Umbrella, Öhringen; Initech 100%; Globex; Acme Süd")]
    [InlineData("step=initial-contact", "Globex")]
    [InlineData("step=initial-contact,qualification", "Umbrella, Öhringen; Initech 100%; Globex; Acme Süd; Acme")]
    [InlineData("step.ne=qualification", "Globex")]
    [InlineData("probability.gt=0.1", "Globex")]
    [InlineData("probability=0.1&amount.lt=20", "Acme")]
    [InlineData("amount=10", "Acme")]
    [InlineData("amount=10,20.50", "Acme Süd; Acme")]
    [InlineData("amount.ne=10", "Umbrella, Öhringen; Initech 100%; Globex; Acme Süd")]
    [InlineData("amount.gt=20.5", "Initech 100%; Globex")]
    [InlineData("amount.gte=20.5", "Initech 100%; Globex; Acme Süd")]
    [InlineData("amount.lt=20.5", "Acme")]
    [InlineData("amount.lte=20.5", "Acme Süd; Acme")]
    [InlineData("amount.gte=1e1&amount.lt=3E1", "Acme Süd; Acme")]
    [InlineData("amount.null=true", "Umbrella, Öhringen")]
    [InlineData("amount.null=false&currency=USD", "Globex")]
    [InlineData("currency=EUR,USD", "Umbrella, Öhringen; Initech 100%; Globex; Acme Süd; Acme")]
    [InlineData("expectedCloseOn=2027-01-31", "Acme Süd; Acme")]
    [InlineData("expectedCloseOn.lt=2027-02-01", "Acme Süd; Acme")]
    [InlineData("expectedCloseOn.null=true", "Umbrella, Öhringen")]
    [InlineData("ownerId={rep}", "Umbrella, Öhringen; Initech 100%; Acme Süd; Acme")]
    [InlineData("ownerId={other}", "Globex")]
    [InlineData("ownerId.ne={rep}", "Globex")]
    [InlineData("ownerId={rep},{other}&currency=USD", "Globex")]
    [InlineData("personId={person}", "Acme")]
    [InlineData("personId={theirs}", "")]
    [InlineData("personId.null=false", "Acme")]
    [InlineData("createdAt.gt=2020-01-01T00:00:00Z&createdAt.lt=2020-01-01T00:00:00.000001%2B02:00", "")]
    [InlineData("createdAt.gte=2020-01-01T00:00Z&discount=0.5", "Globex")]
    [InlineData("closedAt.null=false", "")]
    [InlineData("lostReason.contains=price", "")]
    [InlineData("deleted=true", "Gone")]
    [InlineData("deleted=true&amount=1", "")]
    [InlineData("deleted=false&name=Gone", "")]
    public async Task Filters_keep_what_they_say(string query, string names)
    {
        var answer = await given.Rep.GetAsync($"/api/v1/deals?{given.Fill(query)}");

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        string.Join("; ", answer.Items.Select(d => d["name"]!.GetValue<string>())).ShouldBe(names);
    }

    /// <summary>A workspace with five deals and a deleted one; another one with a deal of the same name.</summary>
    public sealed class Deals : IAsyncLifetime
    {
        private readonly CrmHost _host = new();
        private Guid _other;
        private Guid _rep;
        private Guid _person;
        private Guid _theirs;

        public Api Rep => _host.Rep;

        public string Fill(string query) => query.Replace("{rep}", $"{_rep}").Replace("{other}", $"{_other}").Replace("{person}", $"{_person}").Replace("{theirs}", $"{_theirs}");

        public async Task InitializeAsync()
        {
            await _host.InitializeAsync();
            _other = await _host.UserAsync();
            _person = await _host.PersonAsync();
            _theirs = await _host.PersonAsync(_host.OtherWorkspace);
            await _host.Stranger.DealAsync(new { name = "Acme", personId = _theirs });
            var acme = await Rep.DealAsync(new { name = "Acme", amount = 10, expectedCloseOn = "2027-01-31", personId = _person });
            _rep = acme["ownerId"].GetValue<Guid>();
            await Rep.DealAsync(new { name = "Acme Süd", amount = 20.5, expectedCloseOn = "2027-01-31" });
            var globex = await Rep.DealAsync(new { name = "Globex", amount = 30, currency = "USD", ownerId = _other, expectedCloseOn = "2027-02-01", discount = 0.5 });
            await Rep.DealAsync(new { name = "Initech 100%", amount = 40, expectedCloseOn = "2027-03-01" });
            await Rep.DealAsync(new { name = "Umbrella, Öhringen" });
            var gone = await Rep.DealAsync(new { name = "Gone" });
            (await _host.Admin.PostAsync($"/api/v1/deals/{globex["id"]}/moves", new { transition = "contact", version = 1 })).Status.ShouldBe(HttpStatusCode.OK);
            (await Rep.SendAsync(HttpMethod.Delete, $"/api/v1/deals/{gone["id"]}", null, ("If-Match", "\"1\""))).Status.ShouldBe(HttpStatusCode.NoContent);
        }

        public Task DisposeAsync() => _host.DisposeAsync();
    }
}
