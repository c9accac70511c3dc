using System.Text.Json;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Makes a value of what an output's property holds.</summary>
internal static class OutputValues
{
    // More than a run could keep, and no end of sequences that have none.
    private const int MostBytes = 64_000_000;

    /// <exception cref="FlowException">It cannot be written as JSON, or not as a JSON that has an end.</exception>
    public static Value Of(object? output)
    {
        switch (output)
        {
            case null: return Value.Null;
            case Value value: return value;
            case DateTimeOffset time: return Value.From(time);
        }

        using var written = new Limited();
        try
        {
            JsonSerializer.Serialize(written, output, output.GetType(), JsonSerializerOptions.Web);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw new FlowException($"it gives out a {output.GetType().Name} that cannot be written as JSON: {e.Message}") { IsFinal = true };
        }

        using var read = JsonDocument.Parse(written.GetBuffer().AsMemory(0, (int)written.Length));
        return Value.From(read.RootElement);
    }

    private sealed class Limited : MemoryStream
    {
        // All other ways to write end here.
        public override void Write(byte[] buffer, int offset, int count)
        {
            if (Length + count > MostBytes) throw new FlowException($"it gives out more than {MostBytes} bytes") { IsFinal = true };
            base.Write(buffer, offset, count);
        }
    }
}
