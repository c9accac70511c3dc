using System.Net;

namespace Crm.Host.Tests.Accounts;

/// <summary>The keys that protect tokens are in the database: hosts share them from the first moment on.</summary>
public sealed class DataProtectionTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Hosts_that_first_start_at_the_same_moment_take_each_others_tokens()
    {
        var member = await host.MemberAsync();
        await host.AskAsync<long>("with gone as (delete from crm.data_protection_key returning name) select count(*) from gone");

        var hosts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OtherHost.StartAsync(host)));
        try
        {
            var tokens = new List<Tokens>();
            foreach (var one in hosts) tokens.Add(Tokens.Of(await one.As(null).SignInAsync(member.Email)));
            foreach (var one in hosts)
            {
                foreach (var token in tokens) (await one.As(token.Access).GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.OK);
            }

            (await host.AskAsync<long>("select count(*) from crm.data_protection_key")).ShouldBe(1);
        }
        finally
        {
            foreach (var one in hosts) await one.DisposeAsync();
        }
    }
}
