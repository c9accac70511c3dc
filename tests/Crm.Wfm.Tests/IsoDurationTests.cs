namespace Crm.Wfm.Tests;

public class IsoDurationTests
{
    [Theory]
    [InlineData("P14D", 14 * 24 * 60)]
    [InlineData("P2W", 14 * 24 * 60)]
    [InlineData("PT8H", 8 * 60)]
    [InlineData("P1DT1H1M", (25 * 60) + 1)]
    [InlineData("PT30S", 0.5)]
    [InlineData("P999999D", 999999d * 24 * 60)]
    public void Durations_of_fixed_length_are_read(string text, double minutes) => IsoDuration.Parse(text).ShouldBe(TimeSpan.FromMinutes(minutes));

    [Theory]
    [InlineData("P1M")]
    [InlineData("P1Y")]
    [InlineData("P")]
    [InlineData("P1DT")]
    [InlineData("-P1D")]
    [InlineData("8h")]
    [InlineData("")]
    [InlineData(null)]
    public void Other_texts_are_none(string? text) => IsoDuration.Parse(text).ShouldBeNull();
}
