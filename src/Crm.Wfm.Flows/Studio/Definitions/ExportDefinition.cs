using System.IO.Compression;
using System.Text;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class ExportDefinition // GET /workflow-definitions/{definitionId}/export?versionOptions=&includeConsumingWorkflows= and POST /bulk-actions/export/workflow-definitions
{
    public sealed record Request
    {
        public IReadOnlyList<string>? Ids { get; init; }

        public bool? IncludeConsumingWorkflows { get; init; }
    }

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/workflow-definitions/{definitionId}/export", Export);
        api.MapPost("/bulk-actions/export/workflow-definitions", ExportAll).OnlyReads();
    }

    private static async Task<IResult> Export(string definitionId, string? versionOptions, bool? includeConsumingWorkflows, FlowDefinitions flows, CancellationToken ct)
    {
        if (!VersionOptions.TryParse(versionOptions, out var versions)) return ElsaAnswer.Refused($"'{versionOptions}' is no version.");
        if (await flows.FindAsync(definitionId, versions, ct) is not { } found) return ElsaAnswer.NotFound("flow");
        var exported = await flows.ExportAsync([found.Summary.Id], includeConsumingWorkflows == true, ct);
        return includeConsumingWorkflows == true ? Zip(exported) : TypedResults.File(Bytes(exported[0]), "application/json", FileName(exported[0]));
    }

    private static async Task<IResult> ExportAll(ElsaBody<Request> body, FlowDefinitions flows, CancellationToken ct)
    {
        var exported = await flows.ExportAsync([.. body.Value.Ids ?? []], body.Value.IncludeConsumingWorkflows == true, ct);
        return exported.Count == 0 ? ElsaAnswer.Refused("There is nothing to export.") : Zip(exported);
    }

    private static FileContentHttpResult Zip(IReadOnlyList<StoredDefinition> definitions)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var definition in definitions)
            {
                using var entry = zip.CreateEntry(FileName(definition), CompressionLevel.Fastest).Open();
                entry.Write(Bytes(definition));
            }
        }

        return TypedResults.File(file.ToArray(), "application/zip", "workflow-definitions.zip");
    }

    private static byte[] Bytes(StoredDefinition definition) => Encoding.UTF8.GetBytes(CanonicalJson.Indented(definition.Document));

    // One file a version, whatever people called it.
    private static string FileName(StoredDefinition definition)
    {
        var name = new string([.. definition.Summary.DefinitionId.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '-')]);
        return $"workflow-definition-{name}-v{definition.Summary.Version}.json";
    }
}
