using System.Text.Json;
using Crm.Wfm.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Wfm.Tests.Rules;

public class CanonicalJsonTests
{
    /// <summary>The bit patterns of RFC 8785, appendix B.</summary>
    [Theory]
    [InlineData(0x0000000000000000, "0")]
    [InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555554, "333333333.33333325")]
    [InlineData(0x41b3de4355555555, "333333333.3333333")]
    [InlineData(0x41b3de4355555556, "333333333.3333334")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    [InlineData(0x7fffffffffffffff, "null")]
    [InlineData(0x7ff0000000000000, "null")]
    public void Numbers_read_as_ECMAScript_writes_them(ulong bits, string text) =>
        CanonicalJson.Text(Value.From(BitConverter.UInt64BitsToDouble(bits))).ShouldBe(text);

    [Theory]
    [InlineData(4.5, "4.5")]
    [InlineData(2e-3, "0.002")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(-1.5e-10, "-1.5e-10")]
    [InlineData(1e15, "1000000000000000")]
    [InlineData(123456789012345.6, "123456789012345.6")]
    [InlineData(1e300, "1e+300")]
    [InlineData(9007199254740991, "9007199254740991")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    public void Numbers_keep_their_shortest_digits(double number, string text) => CanonicalJson.Text(Value.From(number)).ShouldBe(text);

    [Fact]
    public void Members_are_in_the_order_of_UTF16_code_units()
    {
        // The RFC's sample: a lone script letter (U+FB33) comes after an emoji's surrogates.
        var value = Value.Parse("""{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}""");
        CanonicalJson.Text(value).ShouldBe("{\"\\r\":2,\"1\":4,\"\u0080\":6,\"\u00f6\":7,\"\u20ac\":1,\"\ud83d\ude00\":5,\"\ufb33\":3}");
    }

    [Fact]
    public void Only_quotes_backslashes_and_control_characters_are_escaped() =>
        CanonicalJson.Text(Value.From("\b\t\n\f\r\"\\/\u0000\u001f\u007f<é\u2028")).ShouldBe("\"\\b\\t\\n\\f\\r\\\"\\\\/\\u0000\\u001f\u007f<é\u2028\"");

    [Fact]
    public void Indented_text_is_for_people()
    {
        var value = Value.Parse("""{"b":[1,{"c":null}],"a":{},"d":[]}""");
        CanonicalJson.Indented(value).ShouldBe("{\n  \"a\": {},\n  \"b\": [\n    1,\n    {\n      \"c\": null\n    }\n  ],\n  \"d\": []\n}\n");
    }

    [Fact]
    public void What_is_written_reads_back_as_the_same_value() =>
        Prop.ForAll(Generated.Values.ToArbitrary(), value => Value.Parse(CanonicalJson.Text(value)) == value && Value.Parse(CanonicalJson.Indented(value)) == value)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Every_double_reads_back_exactly() =>
        Prop.ForAll<ulong>(bits => BitConverter.UInt64BitsToDouble(bits) is var number && (!double.IsFinite(number)
            || Value.Parse(CanonicalJson.Text(Value.From(number))).AsNumber == number)).QuickCheckThrowOnFailure();

    [Fact]
    public void Bottomless_nesting_throws_instead_of_killing_the_process()
    {
        var value = Value.Null;
        for (var i = 0; i < 100_000; i++) value = Value.From([value]);
        Should.Throw<InsufficientExecutionStackException>(() => CanonicalJson.Text(value));
        Should.Throw<InsufficientExecutionStackException>(() => value.Equals(Value.From([value.AsList[0]])));
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("[1,]")]
    public void What_could_not_be_written_again_is_not_read(string json) => Should.Throw<JsonException>(() => Value.Parse(json));

    [Fact]
    public void Text_of_100000_brackets_is_refused() => Should.Throw<JsonException>(() => Value.Parse(new string('[', 100_000)));
}
