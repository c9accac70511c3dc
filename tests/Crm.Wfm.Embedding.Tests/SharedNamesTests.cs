using System.Text;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Embedding.Tests;

/// <summary>Names of members are kept, the first ten thousand of a process: here, where no test makes that many.</summary>
public sealed class SharedNamesTests
{
    [Theory]
    [InlineData("""{"weight":1,"name":2}""", """{"name":3,"\u0077eight":4}""")]
    [InlineData("""{"\u0077eight":1,"n\u0061me":2}""", """{"n\u0061me":3,"weight":4}""")]
    public void Objects_of_the_same_names_share_a_shape_however_they_are_written(string one, string other) =>
        ShapeOf(one).ShouldBeSameAs(ShapeOf(other));

    [Fact]
    public void Names_that_are_known_cost_nothing()
    {
        const int Count = 10_000;
        var json = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("""{"known name":true}""", Count))}]");
        var list = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("true", Count))}]");
        StrictJson.Read(json, []);

        // An object, and its slots.
        (Allocated(json) - Allocated(list)).ShouldBeLessThanOrEqualTo(Count * (40 + 48) + 1000);

        static long Allocated(byte[] json)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            StrictJson.Read(json, []).ShouldNotBeNull();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static Shape ShapeOf(string json) => StrictJson.Read(Encoding.UTF8.GetBytes(json), [])!.Value.AsObject!.Shape;
}
