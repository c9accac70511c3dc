using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Rules;

public class RuleMemoryTests
{
    private const string Deal = """
        {"entity":{"amount":1200,"discount":0.1,"name":"Acme","code":" 0x1F ","tags":["hot","new"],"owner":null,"due":"2026-03-31","custom":{},"lines":[{"sku":"a","qty":2},{"sku":"b","qty":"5"}]},
         "actor":{"roles":["sales","sales-manager"]},"changed":["entity.name"],"now":"2026-03-01T00:00:00.000Z"}
        """;

    [Theory]
    [InlineData("""{"and":[{">":[{"var":"entity.amount"},0]},{"<=":[{"var":"entity.discount"},0.15]},{"in":["sales-manager",{"var":"actor.roles"}]}]}""")]
    [InlineData("""{"or":[{"==":[{"var":"entity.name"},"x"]},{"===":[{"var":"entity.amount"},1]},{"!=":[{"var":"entity.owner"},null]},{"!==":[{"var":"entity.name"},"Acme"]}]}""")]
    [InlineData("""{"or":[{"===":[{"var":"entity.nothing"},1]},{"!==":[{"var":"nothing.at"},null]},{"!==":[{"var":"entity.lines"},{"preserve":[{"sku":"a"}]}]}]}""")]
    [InlineData("""{"==":[{"var":"entity.code"},31]}""")]
    [InlineData("""{"===":[{"var":"entity.tags"},{"var":"entity.tags"}]}""")]
    [InlineData("""{"==":[{"var":"entity.code"},{"var":"entity.amount"}]}""")]
    [InlineData("""{"==":[{"var":"entity.name"},"Acme"]}""")]
    [InlineData("""{"<":[1,{"var":"entity.lines.0.qty"},{"var":"entity.code"},{"var":"entity.amount"}]}""")]
    [InlineData("""{"<":["2026-01-01T00:00:00.000Z",{"var":"now"},"2027-01-01T00:00:00.000Z"]}""")]
    [InlineData("""{"<=":[0,{"var":"entity.amount"},5000]}""")]
    [InlineData("""{">=":[{"var":"entity.code"},{"var":"entity.amount"}]}""")]
    [InlineData("""{"<":[{"var":"now"},{"var":"entity.name"}]}""")]
    [InlineData("""{"if":[{"!":{"var":"entity.owner"}},{"!!":{"var":"entity.tags"}},false]}""")]
    [InlineData("""{"?:":[{"var":"entity.custom"},true,false]}""")]
    [InlineData("""{">":[{"+":[{"var":"entity.amount"}," 1.5 ",{"*":[2,{"var":"entity.discount"}]}]},{"-":[{"/":[{"var":"entity.amount"},3]},{"%":[7,"4"]}]}]}""")]
    [InlineData("""{"<":[{"-":{"var":"entity.amount"}},{"max":[1,{"var":"entity.discount"}]},{"min":[99,{"var":"entity.amount"}]}]}""")]
    [InlineData("""{"var":["entity.nothing",{"var":"entity.lines.1.qty"}]}""")]
    [InlineData("""{"var":""}""")]
    [InlineData("""{"in":["new",{"var":"entity.tags"}]}""")]
    [InlineData("""{"in":["cm",{"var":"entity.name"}]}""")]
    [InlineData("""{"in":[1.5,{"var":"entity.name"}]}""")]
    [InlineData("""{"all":[{"var":"entity.lines"},{">":[{"var":"qty"},1]}]}""")]
    [InlineData("""{"some":[{"var":"entity.lines"},{"==":[{"var":"sku"},"b"]}]}""")]
    [InlineData("""{"none":[{"var":"entity.tags"},{"in":["x",{"var":""}]}]}""")]
    [InlineData("""{"missing":["entity.amount","entity.name"]}""")]
    [InlineData("""{"missing_some":[1,["entity.amount","entity.name"]]}""")]
    [InlineData("""{"log":{"var":"entity.amount"}}""")]
    [InlineData("""{"==":[{"??":[{"var":"entity.nothing"},{"val":["entity","lines",1,"qty"]}]},5]}""")]
    [InlineData("""{"and":[{"exists":["entity","owner"]},{"!":{"exists":["entity","nothing"]}}]}""")]
    [InlineData("""{"try":[{"<":[{"var":"entity.amount"},5000]},false]}""")]
    [InlineData("""{"and":[{"startsWith":[{"var":"entity.name"},"Ac"]},{"endsWith":[{"var":"entity.name"},"me"]},{"contains":[{"var":"entity.tags"},"new"]}]}""")]
    [InlineData("""{"matches":[{"var":"entity.name"},"^[A-Z][a-z]+( GmbH)?$"]}""")]
    [InlineData("""{">":[{"daysBetween":[{"var":"entity.due"},{"now":[]}]},-30]}""")]
    [InlineData("""{"or":[{"hasRole":["boss","sales-manager"]},{"changed":"entity.amount"}]}""")]
    [InlineData("""{"or":[{"changed":"entity.amount"},{"hasRole":"boss"}]}""")]
    public void Deciding_costs_no_memory(string json)
    {
        var rule = Rule.Compile(Value.Parse(json));
        // Two readings of the same facts, so that their shapes differ and every look-up has to make a new guess.
        Value[] data = [Value.Parse(Deal), Value.Parse(Deal.Replace("\"custom\"", "\"brand\":1,\"custom\"", StringComparison.Ordinal))];
        Bytes(rule, data);
        Bytes(rule, data).ShouldBe(0);
    }

    private static long Bytes(Rule rule, Value[] data)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) rule.Holds(data[i % 2]);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
