using System.Text.Encodings.Web;
using System.Text.Json;
using Crm.Wfm;

namespace Crm.Host.Commands;

/// <summary>What verbs print.</summary>
internal static class Output
{
    // Nobody pastes it into a page: letters stay letters.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task JsonAsync<T>(T report) => Console.Out.WriteLineAsync(JsonSerializer.Serialize(report, Options));

    /// <summary>Tells a fault in a line.</summary>
    public static string Line(Fault fault) => fault.Pointer.Length == 0 ? $"{fault.Message} [{fault.Key}]" : $"{fault.Pointer}: {fault.Message} [{fault.Key}]";
}
