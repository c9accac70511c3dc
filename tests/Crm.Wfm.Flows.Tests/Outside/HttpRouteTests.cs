using Crm.Wfm.Flows.Activities;

namespace Crm.Wfm.Flows.Tests.Outside;

public sealed class HttpRouteTests
{
    [Theory]
    [InlineData("/Orders/{id}/", "orders/{}")]
    [InlineData("orders/{number}", "orders/{}")]
    [InlineData("files/{*path}", "files/{*}")]
    [InlineData("", "")]
    public void Endpoints_that_take_the_same_requests_have_the_same_key(string path, string pattern) => HttpRoute.Read(path, out _)!.Pattern.ShouldBe(pattern);

    [Theory]
    [InlineData("orders/{id:int}")]
    [InlineData("orders/{id?}")]
    [InlineData("orders/v{version}")]
    [InlineData("{*all}/more")]
    [InlineData("{a}/{a}")]
    [InlineData("orders?id=1")]
    [InlineData("orders/{}")]
    [InlineData("{a}/2/3/4/5/6/7/8/9")]
    public void A_path_that_would_not_be_taken_as_it_was_meant_is_refused(string path)
    {
        HttpRoute.Read(path, out var problem).ShouldBeNull();
        problem.ShouldNotBeNull();
    }

    [Fact]
    public void The_most_exact_endpoint_comes_first() => HttpRoute.PatternsOf("/Orders/7").ShouldBe(["orders/7", "orders/{}", "{}/7", "{}/{}", "orders/{*}", "{*}"]);

    [Fact]
    public void A_request_cannot_name_a_parameter() => HttpRoute.PatternsOf("orders/{}").ShouldBeEmpty();

    [Theory]
    [InlineData("orders/{id}/{*rest}", "Orders/A7/x/y", """{"id":"A7","rest":"x/y"}""")]
    [InlineData("orders", "orders", "{}")]
    public void Parameters_are_given_as_they_were_written(string route, string path, string data) => HttpRoute.Read(route, out _)!.DataOf(path).ToString().ShouldBe(data);
}
