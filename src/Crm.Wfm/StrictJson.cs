using System.Text.Json;

namespace Crm.Wfm;

/// <summary>How this package reads JSON it did not write: no duplicate keys, no comments, no more than 64 levels.</summary>
internal static class StrictJson
{
    public static JsonDocumentOptions Document { get; } = new() { AllowDuplicateProperties = false, MaxDepth = 64 };
}
