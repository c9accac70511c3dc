namespace Crm.Wfm.Tests;

public class ClosestTests
{
    [Theory]
    [InlineData("amuont", "amount")]
    [InlineData("Amount", "amount")]
    [InlineData("minLenght", "minLength")]
    [InlineData("sett", "set")]
    [InlineData("colour", "color")]
    [InlineData("x", null)]
    [InlineData("", null)]
    [InlineData("something", null)]
    public void The_nearest_word_is_guessed_unless_it_is_far(string word, string? guess) =>
        Closest.To(word, ["amount", "minLength", "set", "color", "maxLength"]).ShouldBe(guess);
}
