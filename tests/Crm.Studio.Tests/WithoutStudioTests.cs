using System.Net;
using Crm.Host.Tests;
using Microsoft.AspNetCore.Builder;

namespace Crm.Studio.Tests;

/// <summary>A host that leaves the front end out.</summary>
public sealed class WithoutStudioTests(WithoutStudioTests.Host host) : IClassFixture<WithoutStudioTests.Host>
{
    public sealed class Host : CrmHost
    {
        protected override void Configure(WebApplicationBuilder builder) => builder.Configuration["Crm:Studio"] = "false";
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/studio/")]
    [InlineData("/studio/elsa/appsettings.json")]
    public async Task Nothing_of_it_is_served(string path)
    {
        using var answer = await host.Admin.Client.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
