using System.Text;
using System.Text.RegularExpressions;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Definitions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Tells Studio's script editor what a flow's scripts can call: the functions every script has, and those of its variables, inputs and outputs.</summary>
internal static partial class GetTypeDefinitions // POST /scripting/javascript/type-definitions/{definitionId}
{
    private const string Always = """
        declare function getVariable(name: string): any;
        declare function setVariable(name: string, value: any): void;
        declare function getInput(name: string): any;
        declare function getOutputFrom(activity: string, output?: string): any;
        declare function getLastResult(): any;
        declare function getWorkflowInstanceId(): string;
        declare function getWorkflowDefinitionId(): string;
        declare function getWorkflowDefinitionVersionId(): string;
        declare function getWorkflowDefinitionVersion(): number;
        declare function getCorrelationId(): string | null;
        declare function setCorrelationId(id: string | null): void;
        declare function getWorkflowInstanceName(): string | null;
        declare function setWorkflowInstanceName(name: string | null): void;
        /** The event that started the run; null when something else did. */
        declare const event: { id: string; type: string; subject: string; time: string; actorid: string; data: any } | null;

        """;

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/scripting/javascript/type-definitions/{definitionId}", Handle).OnlyReads();

    private static async Task<IResult> Handle(string definitionId, FlowDefinitions flows, ActivityCatalog activities, CancellationToken ct)
    {
        if (await flows.FindAsync(definitionId, VersionOptions.Latest, ct) is not { } stored) return ElsaAnswer.NotFound("flow");
        return TypedResults.Text(Write(FlowReader.Read(stored.Document, []), activities), "application/x-typescript", Encoding.UTF8);
    }

    /// <summary>Writes the declarations; those every script has alone where the flow cannot be read as it stands.</summary>
    private static string Write(FlowDefinition? flow, ActivityCatalog activities)
    {
        var text = new StringBuilder(Always);
        var declared = new HashSet<string>(StringComparer.Ordinal);
        void Declare(string function, string signature)
        {
            if (Identifier().IsMatch(function) && declared.Add(function)) text.Append("declare function ").Append(function).Append(signature).Append(";\n");
        }

        var variables = flow is null ? [] : flow.Variables.Concat(flow.Root.All().SelectMany(a => a.Variables)).DistinctBy(v => v.Name).ToList();
        foreach (var variable in variables)
        {
            var type = TypeOf(variable.TypeName, variable.IsArray);
            Declare($"get{ElsaNames.Pascal(variable.Name)}", $"(): {type}");
            Declare($"set{ElsaNames.Pascal(variable.Name)}", $"(value: {type}): void");
        }

        foreach (var input in flow?.Inputs ?? []) Declare($"get{ElsaNames.Pascal(input.Name)}", $"(): {TypeOf(input.TypeName, input.IsArray)}");
        foreach (var activity in flow?.Root.All() ?? [])
        {
            if (!activities.TryFind(activity.Type, out var descriptor)) continue;
            foreach (var output in descriptor.Outputs)
                Declare($"get{ElsaNames.Pascal(output.Name)}From{ElsaNames.Pascal(activity.Name)}", $"(): {TypeOf(InputDescriptors.TypeName(output.Property.PropertyType), isArray: false)}");
        }

        text.Append("declare const variables: { ").AppendJoin(' ', variables.Where(v => Identifier().IsMatch(v.Name)).Select(v => $"{v.Name}: {TypeOf(v.TypeName, v.IsArray)};")).Append(" };\n");
        return text.ToString();
    }

    private static string TypeOf(string typeName, bool isArray)
    {
        var type = typeName.TrimEnd('[', ']') switch
        {
            "String" or "Guid" or "DateTime" or "DateTimeOffset" or "TimeSpan" => "string",
            "Boolean" => "boolean",
            "Byte" or "Int16" or "Int32" or "Int64" or "Single" or "Double" or "Decimal" => "number",
            _ => "any",
        };
        return isArray || typeName.EndsWith("[]", StringComparison.Ordinal) ? $"{type}[]" : type;
    }

    [GeneratedRegex(@"^[\p{L}_$][\p{L}\p{Nd}_$]*$", RegexOptions.NonBacktracking)]
    private static partial Regex Identifier();
}
