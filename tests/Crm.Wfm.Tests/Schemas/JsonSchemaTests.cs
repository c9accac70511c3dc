using System.Text;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;
using Crm.Wfm.Tests.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Wfm.Tests.Schemas;

public class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"string"}""", "1", "", "type", "must be a text, is a number")]
    [InlineData("""{"type":["string","null"]}""", "[]", "", "type", "must be a text or null, is a list")]
    [InlineData("""{"type":"integer"}""", "1.5", "", "type", "must be a whole number, is a number")]
    [InlineData("""{"enum":["price","timing"]}""", "\"prise\"", "", "enum", "must be one of price, timing; did you mean 'price'?")]
    [InlineData("""{"const":"*"}""", "\"a\"", "", "const", "must be \"*\"")]
    [InlineData("""{"required":["amount"]}""", "{}", "/amount", "required", "is required")]
    [InlineData("""{"properties":{"a/b":{"type":"null"}}}""", """{"a/b":1}""", "/a~1b", "type", "must be null, is a number")]
    [InlineData("""{"properties":{"amount":true},"additionalProperties":false}""", """{"amuont":1}""", "/amuont", "additional-property", "'amuont' is not known here; did you mean 'amount'?")]
    [InlineData("""{"additionalProperties":{"type":"string"}}""", """{"a":1}""", "/a", "type", "must be a text, is a number")]
    [InlineData("""{"patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false}""", """{"x-a":1}""", "/x-a", "type", "must be a text, is a number")]
    [InlineData("""{"propertyNames":{"maxLength":2}}""", """{"abc":1}""", "/abc", "property-name", "the name 'abc' must be at most 2 characters, has 3")]
    [InlineData("""{"minProperties":1}""", "{}", "", "min-properties", "must have at least 1 member, has 0")]
    [InlineData("""{"maxProperties":0}""", """{"a":1}""", "", "max-properties", "must have at most 0 members, has 1")]
    [InlineData("""{"items":{"type":"number"}}""", """[1,"2"]""", "/1", "type", "must be a number, is a text")]
    [InlineData("""{"prefixItems":[true],"items":false}""", "[1,2]", "/1", "not-allowed-here", "is not allowed here")]
    [InlineData("""{"minItems":2}""", "[1]", "", "min-items", "must have at least 2 items, has 1")]
    [InlineData("""{"maxItems":1}""", "[1,2]", "", "max-items", "must have at most 1 item, has 2")]
    [InlineData("""{"uniqueItems":true}""", """[{"a":1},{"a":1.0}]""", "", "unique-items", "must not have the same item twice; item 1 is one that came before")]
    [InlineData("""{"minimum":0}""", "-1", "", "minimum", "must be at least 0, is -1")]
    [InlineData("""{"maximum":1}""", "2", "", "maximum", "must be at most 1, is 2")]
    [InlineData("""{"exclusiveMinimum":0}""", "0", "", "exclusive-minimum", "must be more than 0, is 0")]
    [InlineData("""{"exclusiveMaximum":1}""", "1", "", "exclusive-maximum", "must be less than 1, is 1")]
    [InlineData("""{"multipleOf":0.01}""", "19.995", "", "multiple-of", "must be a multiple of 0.01, is 19.995")]
    [InlineData("""{"minLength":1}""", "\"\"", "", "min-length", "must be at least 1 character, has 0")]
    [InlineData("""{"maxLength":2}""", "\"abc\"", "", "max-length", "must be at most 2 characters, has 3")]
    [InlineData("""{"pattern":"^[a-z]+$"}""", "\"A\"", "", "pattern", "must match ^[a-z]+$")]
    [InlineData("""{"pattern":"^[a-z]+$","description":"lower-case letters"}""", "\"A\"", "", "pattern", "does not match ^[a-z]+$: lower-case letters")]
    [InlineData("""{"format":"date"}""", "\"2026-02-30\"", "", "format", "must be a date such as 2026-03-31")]
    [InlineData("""{"allOf":[{"minimum":1},{"maximum":3}]}""", "4", "", "maximum", "must be at most 3, is 4")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"object","required":["en"]}]}""", "{}", "/en", "required", "is required")]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"object"}]}""", "1", "", "type", "must be a text or an object, is a number")]
    [InlineData("""{"oneOf":[{"const":"*"},{"type":"array"}]}""", "1", "", "any-of", "must be \"*\", or must be a list, is a number")]
    [InlineData("""{"oneOf":[{"minimum":1},{"minimum":2}]}""", "3", "", "one-of", "must match exactly one of 2 alternatives, matches 2")]
    [InlineData("""{"$ref":"#/$defs/k","$defs":{"k":{"type":"string"}}}""", "1", "", "type", "must be a text, is a number")]
    [InlineData("""{"items":{"$ref":"#"},"maxItems":1}""", "[[[1,2]]]", "/0/0", "max-items", "must have at most 1 item, has 2")]
    [InlineData("""{"properties":{"s":{"$ref":"https://json-schema.org/draft/2020-12/schema"}}}""", """{"s":{"if":{}}}""", "/s/if", "unknown-keyword", "the keyword 'if' is not supported")]
    public void A_value_that_does_not_conform_is_told_where_and_why(string schema, string value, string pointer, string key, string message) =>
        Read(schema).Validate(Value.Parse(value)).ShouldBe([new Fault(pointer, key, message)]);

    [Theory]
    [InlineData("""{"type":"number"}""", "1")]
    [InlineData("""{"type":"integer"}""", "2.0")]
    [InlineData("""{"multipleOf":0.01}""", "19.99")]
    [InlineData("""{"maxLength":1}""", "\"😀\"")]
    [InlineData("""{"minimum":5}""", "\"not a number\"")]
    [InlineData("""{"uniqueItems":true}""", """[1,"1",[1],{"a":1},{"a":2}]""")]
    [InlineData("""{"const":{"a":[1,null]}}""", """{"a":[1.0,null]}""")]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"number"}]}""", "1")]
    [InlineData("""{"pattern":"[\\d-]$"}""", "\"-\"")]
    [InlineData("""{"x-widget":"slider","title":"t","default":1,"examples":[1],"readOnly":true,"deprecated":false,"$comment":"c"}""", "null")]
    [InlineData("true", "1")]
    public void A_value_that_conforms_has_no_faults(string schema, string value) => Read(schema).Validate(Value.Parse(value)).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"minLenght":1}""", "/minLenght", "unknown-keyword", "the keyword 'minLenght' is not supported; did you mean 'minLength'?")]
    [InlineData("""{"properties":{"a":{"if":true}}}""", "/properties/a/if", "unknown-keyword", "the keyword 'if' is not supported")]
    [InlineData("""{"$defs":{"a":{"not":{}}}}""", "/$defs/a/not", "unknown-keyword", "the keyword 'not' is not supported")]
    [InlineData("""{"type":"text"}""", "/type", "invalid-keyword", "'text' is no type (types are null, boolean, number, integer, string, array, object)")]
    [InlineData("""{"maxLength":-1}""", "/maxLength", "invalid-keyword", "must be a whole number of 0 or more")]
    [InlineData("""{"multipleOf":0}""", "/multipleOf", "invalid-keyword", "must be more than 0")]
    [InlineData("""{"required":"a"}""", "/required", "invalid-keyword", "must be a list")]
    [InlineData("""{"required":["a",1]}""", "/required", "invalid-keyword", "must hold names only")]
    [InlineData("""{"items":3}""", "/items", "invalid-schema", "a schema must be an object, true or false")]
    [InlineData("""{"$ref":"#/$defs/a"}""", "/$ref", "unresolved-ref", "'#/$defs/a' leads to no schema; only places in this document can be referred to, such as '#/$defs/name'")]
    [InlineData("""{"$ref":"other.json"}""", "/$ref", "unresolved-ref", "'other.json' leads to no schema; only places in this document can be referred to, such as '#/$defs/name'")]
    [InlineData("""{"$ref":"#"}""", "/$ref", "cyclic-ref", "refers in a circle without looking at a smaller part of the value")]
    [InlineData("""{"anyOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"allOf":[{"$ref":"#"}]}}}""", "/$defs/a/allOf/0/$ref", "cyclic-ref", "refers in a circle without looking at a smaller part of the value")]
    [InlineData("""{"format":"date-tme"}""", "/format", "unknown-format",
        "'date-tme' is no format known here; did you mean 'date-time'? (known are date, date-time, time, duration, email, uri, uuid, json-pointer)")]
    public void A_schema_outside_the_subset_is_refused(string schema, string pointer, string key, string message)
    {
        var faults = new List<Fault>();
        JsonSchema.Read(Value.Parse(schema), faults).ShouldBeNull();
        faults.ShouldContain(new Fault(pointer, key, message));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("(a)\\\\1")]
    [InlineData("^(?=a)")]
    [InlineData("((a{1000}){1000}){1000}")]
    public void A_pattern_that_is_malformed_or_needs_backtracking_is_refused(string pattern)
    {
        var faults = new List<Fault>();
        JsonSchema.Read(Value.Parse($$"""{"pattern":"{{pattern}}"}"""), faults).ShouldBeNull();
        faults.ShouldHaveSingleItem().Key.ShouldBe("invalid-pattern");
    }

    [Fact]
    public void A_long_text_under_a_large_pattern_is_given_up()
    {
        var schema = Read("""{"items":{"pattern":"((a?b?c?){100}a)*x"}}""");
        var text = Value.From(new string('a', 1_000_000));
        schema.Validate(Value.From([text, text])).ShouldHaveSingleItem().Key.ShouldBe("too-complex");
    }

    [Theory]
    [InlineData("date", "2026-03-31", "2026-3-1 20260331 2026-13-01")]
    [InlineData("date-time", "2026-03-31T14:30:00Z 2026-03-31T14:30:00.123+02:00", "2026-03-31 2026-03-31T14:30Z 2026-03-31T24:00:00Z")]
    [InlineData("time", "14:30:00Z 14:30:00+01:00", "14:30 24:00:00Z")]
    [InlineData("duration", "P1D PT1H P1Y2M3DT4H5M6S P2W PT0.5S", "P PT P1DT 1D P-1D")]
    [InlineData("email", "ann@example.com a.b+c@x.co", "ann ann@ @x.co a@b@c")]
    [InlineData("uri", "https://example.com/a?b=c urn:a:b", "example.com /a")]
    [InlineData("uuid", "018f4e2a-7c31-7000-8000-000000000000", "018f4e2a7c3170008000000000000000 x")]
    [InlineData("json-pointer", "/a /a~1b/0", "a /~2 /~")]
    public void Formats_are_enforced(string format, string good, string bad)
    {
        var schema = Read($$"""{"format":"{{format}}"}""");
        foreach (var text in good.Split(' ')) schema.Validate(Value.From(text)).ShouldBeEmpty(text);
        foreach (var text in bad.Split(' ')) schema.Validate(Value.From(text)).ShouldHaveSingleItem(text).Key.ShouldBe("format");
    }

    [Fact]
    public void Every_fault_is_told_not_the_first() =>
        Read("""{"required":["a","b"],"properties":{"c":{"type":"string","minLength":1},"d":{"items":{"type":"null"}}}}""")
            .Validate(Value.Parse("""{"c":"","d":[1,2]}""")).Select(f => f.Pointer).ShouldBe(["/a", "/b", "/c", "/d/0", "/d/1"], ignoreOrder: true);

    [Fact]
    public void At_follows_properties_items_and_references()
    {
        var schema = Read("""
            {"properties":{"lines":{"items":{"$ref":"#/$defs/line"}},"no":false},"additionalProperties":{"type":"string"},
             "$defs":{"line":{"allOf":[{"properties":{"net":{"$ref":"#/$defs/money"}}}]},"money":{"type":"number","readOnly":true}}}
            """);
        var net = schema.At("/lines/3/net").ShouldNotBeNull();
        net.Source["type"].AsText.ShouldBe("number");
        net.IsReadOnly.ShouldBeTrue();
        schema.At("/anything")!.Source["type"].AsText.ShouldBe("string");
        schema.At("/lines/0/gross").ShouldBeNull();
        schema.At("/no").ShouldBeNull();
        schema.At("")!.Source.ShouldBe(schema.Source);
    }

    [Fact]
    public void A_reference_keeps_its_own_words_and_is_read_only_when_either_end_says_so()
    {
        var schema = Read("""
            {"properties":{"a":{"$ref":"#/$defs/fixed","title":"A"},"b":{"$ref":"#/$defs/free","readOnly":true},"c":{"$ref":"#/$defs/free"}},
             "$defs":{"fixed":{"readOnly":true},"free":{"type":"string"}}}
            """);
        schema.At("/a")!.ShouldSatisfyAllConditions(a => a.IsReadOnly.ShouldBeTrue(), a => a.Source["title"].AsText.ShouldBe("A"));
        schema.At("/b")!.IsReadOnly.ShouldBeTrue();
        schema.At("/c")!.IsReadOnly.ShouldBeFalse();
    }

    [Fact]
    public void A_part_taken_out_still_finds_its_definitions()
    {
        var part = Read("""{"properties":{"a":{"items":{"$ref":"#/$defs/b"}}},"$defs":{"b":{"type":"number"}}}""").At("/a")!;
        Read(part.Source.ToString()).Validate(Value.Parse("""["x"]""")).ShouldHaveSingleItem().Pointer.ShouldBe("/0");
    }

    [Fact]
    public void A_value_deeper_than_the_stack_is_refused_not_fatal()
    {
        var deep = Value.Null;
        for (var i = 0; i < 5000; i++) deep = Value.From([deep]);
        Read("""{"items":{"$ref":"#"}}""").Validate(deep).ShouldHaveSingleItem().Key.ShouldBe("too-deep");
    }

    [Fact]
    public void Alternatives_that_multiply_are_given_up()
    {
        var schema = new StringBuilder("""{"$ref":"#/$defs/d0","$defs":{"d40":{"type":"null"}""");
        for (var i = 0; i < 40; i++) schema.Append($$""","d{{i}}":{"anyOf":[{"$ref":"#/$defs/d{{i + 1}}"},{"$ref":"#/$defs/d{{i + 1}}"}]}""");
        Read(schema.Append("}}").ToString()).Validate(Value.True).ShouldContain(f => f.Key == "too-complex");
    }

    [Fact]
    public void A_thousand_faults_are_enough() =>
        Read("""{"items":{"type":"null"}}""").Validate(Value.From(Enumerable.Repeat(Value.True, 5000).ToArray())).Count.ShouldBe(1001);

    [Fact]
    public void Reading_and_validating_never_throw() =>
        Prop.ForAll(Generated.Values.ToArbitrary(), Generated.Values.ToArbitrary(), (schema, value) =>
        {
            _ = JsonSchema.Read(schema, [])?.Validate(value);
            Demanding.Validate(value);
        }).QuickCheckThrowOnFailure();

    private static readonly JsonSchema Demanding = Read("""
        {"type":["object","array","string"],"minLength":3,"pattern":"^a","format":"uri","minimum":3,"multipleOf":0.1,"uniqueItems":true,"items":{"$ref":"#"},
         "properties":{"a":{"const":1}},"additionalProperties":{"anyOf":[{"$ref":"#"},{"enum":[1,"x"]}]},"propertyNames":{"maxLength":3},"required":["z"]}
        """);

    private static JsonSchema Read(string schema)
    {
        var faults = new List<Fault>();
        var read = JsonSchema.Read(Value.Parse(schema), faults);
        faults.ShouldBeEmpty();
        return read.ShouldNotBeNull();
    }
}
