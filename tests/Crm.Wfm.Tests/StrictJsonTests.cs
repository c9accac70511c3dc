using System.Text;
using Crm.Wfm.Rules;
using Crm.Wfm.Tests.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Wfm.Tests;

public class StrictJsonTests
{
    [Theory]
    [InlineData("""{"a":{"b":1,"c":2,"b":3}}""", "/a/b", "duplicate-key")]
    [InlineData("""{"a":1,"a":2,"a":3}""", "/a", "duplicate-key")]
    [InlineData("""{"a":1,"\u0061":2}""", "/a", "duplicate-key")]
    [InlineData("""[{"x":[0,{"~/":1,"~/":2}]}]""", "/0/x/1/~0~1", "duplicate-key")]
    [InlineData("""{"a":["\u0000"]}""", "/a/0", "nul-character")]
    [InlineData("""{"a":["\\u0000 is fine","b\u0000"]}""", "/a/1", "nul-character")]
    [InlineData("""{"a":{"x\u0000":1}}""", "/a", "nul-character")]
    [InlineData("""["\ud83d"]""", "/0", "lone-surrogate")]
    [InlineData("""["\ude00\ud83d"]""", "/0", "lone-surrogate")]
    [InlineData("""["\ud83d\n"]""", "/0", "lone-surrogate")]
    [InlineData("""["\ud83d\u0041"]""", "/0", "lone-surrogate")]
    [InlineData("""{"a":1e400000}""", "/a", "number-range")]
    [InlineData("""{"a":-1e400}""", "/a", "number-range")]
    [InlineData("""[9007199254740993]""", "/0", "number-range")]
    [InlineData("""[-9007199254740993]""", "/0", "number-range")]
    [InlineData("""[123456789012345678901234567890]""", "/0", "number-range")]
    public void What_cannot_be_stored_is_refused_at_its_place(string json, string pointer, string key)
    {
        var (value, faults) = Read(json);
        value.ShouldBeNull();
        faults.ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Pointer.ShouldBe(pointer), f => f.Key.ShouldBe(key));
    }

    [Theory]
    [InlineData("", "line 1, column 1: ")]
    [InlineData("{\n  \"a\": 1,\n}", "line 3, column 1: ")]
    [InlineData("{} {}", "line 1, column 4: ")]
    [InlineData("[1", "line 1, column 3: ")]
    [InlineData("// no\n1", "line 1, column 1: ")]
    [InlineData("\"\t\"", "line 1, column 2: ")]
    [InlineData("NaN", "line 1, column 1: ")]
    public void Malformed_text_is_told_by_line_and_column(string json, string message)
    {
        var fault = Read(json).Faults.ShouldHaveSingleItem();
        fault.Key.ShouldBe("malformed-json");
        fault.Message.ShouldStartWith(message);
        fault.Message.ShouldNotContain("LineNumber");
    }

    [Theory]
    [InlineData("9007199254740992", 9007199254740992d)]
    [InlineData("-9007199254740992", -9007199254740992d)]
    [InlineData("1e300", 1e300)]
    [InlineData("1e-400", 0d)]
    [InlineData("0.1", 0.1)]
    public void Numbers_that_doubles_hold_are_read(string json, double number) => Read(json).Value!.Value.AsNumber.ShouldBe(number);

    [Fact]
    public void Every_fault_is_told() =>
        Read("""{"a":"\u0000","b":{"c":1,"c":2},"d":[1e999]}""").Faults.Select(f => f.Pointer).ShouldBe(["/a", "/b/c", "/d/0"]);

    [Fact]
    public void A_byte_order_mark_is_skipped() => StrictJson.Read("\uFEFF{}"u8, []).ShouldBe(Value.From(FactObject.Empty));

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused()
    {
        var faults = new List<Fault>();
        StrictJson.Read([(byte)'"', 0xC3, (byte)'"'], faults).ShouldBeNull();
        faults.ShouldBe([new Fault("", "invalid-utf8", "byte 2 is not UTF-8")]);
    }

    [Fact]
    public void Sixty_four_levels_are_read_and_one_more_is_refused()
    {
        Read(Nested(64)).Faults.ShouldBeEmpty();
        var fault = Read(Nested(65)).Faults.ShouldHaveSingleItem();
        fault.Key.ShouldBe("too-deep");
        fault.Pointer.ShouldBe(string.Concat(Enumerable.Repeat("/0", 64)));
    }

    [Fact]
    public void Names_without_end_are_refused() => Read($$"""{"{{new string('n', 1001)}}":1}""").Faults.ShouldHaveSingleItem().Key.ShouldBe("name-too-long");

    [Fact]
    public void Hostile_text_takes_no_memory_of_its_square()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(new string('[', 2_000_000)).Faults.ShouldHaveSingleItem().Key.ShouldBe("too-deep");
        Read("{" + string.Join(',', Enumerable.Repeat("\"a\":1", 200_000)) + "}").Faults.ShouldHaveSingleItem().Key.ShouldBe("duplicate-key");
        Read("[" + string.Join(',', Enumerable.Repeat("1e999", 200_000)) + "]").Faults.Count.ShouldBe(100);
        Read("\"" + string.Concat(Enumerable.Repeat("\\n", 500_000)) + "\"").Faults.ShouldBeEmpty();
        // What grows with the square of a text would take gigabytes of it.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(500_000_000);
    }

    [Fact]
    public void Generated_JSON_is_read_as_the_framework_reads_it() =>
        Prop.ForAll(Generated.Values.ToArbitrary(), value =>
        {
            var (read, faults) = Read(value.ToString());
            return faults.Count > 0 ? faults.TrueForAll(f => f.Key is "number-range" or "nul-character") : read!.Value == Value.Parse(value.ToString());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Generated_bytes_never_throw() => Prop.ForAll<byte[]>(bytes => { StrictJson.Read(bytes, []); }).QuickCheckThrowOnFailure();

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    private static (Value? Value, List<Fault> Faults) Read(string json)
    {
        var faults = new List<Fault>();
        return (StrictJson.Read(Encoding.UTF8.GetBytes(json), faults), faults);
    }
}
