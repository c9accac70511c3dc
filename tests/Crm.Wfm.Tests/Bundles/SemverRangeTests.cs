using Crm.Wfm.Bundles;

namespace Crm.Wfm.Tests.Bundles;

public class SemverRangeTests
{
    [Theory]
    [InlineData("^2.1.0", "2.1.0 2.9.9", "2.0.9 3.0.0 2.2.0-beta")]
    [InlineData("^0.2.3", "0.2.3 0.2.9", "0.3.0 0.2.2")]
    [InlineData("^0.0.3", "0.0.3", "0.0.4")]
    [InlineData("^1", "1.0.0 1.9.0", "2.0.0")]
    [InlineData("~2.1", "2.1.0 2.1.9", "2.2.0")]
    [InlineData("~2", "2.0.0 2.9.9", "3.0.0")]
    [InlineData(">=1.0.0 <3.0.0", "1.0.0 2.9.9", "0.9.9 3.0.0")]
    [InlineData(">1.2", "1.3.0", "1.2.9")]
    [InlineData(">1.2.3", "1.2.4", "1.2.3")]
    [InlineData("<=1.2", "1.2.9 0.1.0", "1.3.0")]
    [InlineData("<=1.2.3", "1.2.3", "1.2.4")]
    [InlineData("1.x", "1.0.0 1.9.9", "2.0.0 0.9.0")]
    [InlineData("1.2.3", "1.2.3", "1.2.4 1.2.2")]
    [InlineData("*", "0.0.0 99.0.0", "1.0.0-rc.1")]
    [InlineData("<1.0.0 || ^2.0.0", "0.5.0 2.3.0", "1.0.0 3.0.0")]
    [InlineData(">=1.0.0-beta.2", "1.0.0-beta.10 1.0.0-rc 1.0.0", "1.0.0-beta.1 1.0.0-alpha")]
    public void A_range_includes_what_npm_says(string range, string inside, string outside)
    {
        var parsed = SemverRange.Parse(range).ShouldNotBeNull();
        foreach (var version in inside.Split(' ')) parsed.Includes(version).ShouldBeTrue(version);
        foreach (var version in outside.Split(' ')) parsed.Includes(version).ShouldBeFalse(version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("newest")]
    [InlineData("^")]
    [InlineData("1.0.0 ||")]
    [InlineData(">= 1.0.0")]
    [InlineData("1.2.3.4")]
    public void What_is_no_range_is_none(string range) => SemverRange.Parse(range).ShouldBeNull();
}
