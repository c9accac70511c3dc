using Crm.Wfm.Http;
using Crm.Wfm.Moves;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shop;

namespace Crm.Wfm.Embedding.Tests;

/// <summary>Who may call what <c>MapWfm</c> maps.</summary>
public sealed class EndpointTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    private static readonly Guid Elsewhere = new("00000000-0000-0000-0000-0000000000e1");

    [Theory]
    [InlineData("/wfm/projects")]
    [InlineData("/wfm/bundles")]
    [InlineData("/wfm/events")]
    [InlineData("/wfm/records?type=order")]
    public async Task Every_endpoint_asks_who_is_there(string path)
    {
        using var client = shop.Client(null);
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        ((int)response.StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task Somebody_without_an_id_is_nobody() => (await shop.SendAsync("/wfm/projects", card: "ann")).Status.ShouldBe(401);

    [Fact]
    public async Task The_host_says_who_acts_and_in_which_workspace()
    {
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Services.AddDbContext<ShopContext>(o => o.UseNpgsql(shop.Application));
        builder.Services.AddAuthorization();
        builder.Services.AddWfm<ShopContext>(wfm => wfm
            .Workspace(http => http.Request.Headers.ContainsKey("X-Elsewhere") ? Elsewhere : Workspace.Default)
            .Actor(http => http.Request.Headers.ContainsKey("X-Guest") ? null : new Actor(ShopFixture.Ann)));
        await using var app = builder.Build();
        app.MapWfm("/processes").AllowAnonymous();
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };

        (await GetAsync("/processes/bundles")).ShouldBe((200, true));
        (await GetAsync("/processes/bundles", "X-Elsewhere")).ShouldBe((200, false));
        (await GetAsync("/processes/bundles", "X-Guest")).ShouldBe((401, false));

        async Task<(int Status, bool HasOrders)> GetAsync(string path, string? header = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (header is not null) request.Headers.Add(header, "1");
            using var response = await client.SendAsync(request);
            return ((int)response.StatusCode, (await response.Content.ReadAsStringAsync()).Contains("orders", StringComparison.Ordinal));
        }
    }
}
