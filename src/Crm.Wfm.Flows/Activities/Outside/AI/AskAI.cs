using System.Text;
using System.Text.Json;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;
using Microsoft.Extensions.AI;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Asks a language model, the one the host registered as <see cref="IChatClient"/>.</summary>
[FlowActivity("Wfm.AskAI", "AI", "Asks a language model; its answer is a text, or JSON of a given form.", Title = "Ask AI")]
internal sealed class AskAI(IEnumerable<IChatClient> clients) : IOutsideActivity, ICheckedActivity, IConfiguredActivity
{
    private const string NoModel = "this host asks no language model: no IChatClient is registered";
    private const int MostFaults = 20;

    private long _input;
    private long _output;

    [FlowInput("What is asked.", Hint = "multiline")]
    public required string Prompt { get; init; }

    [FlowInput("What the model is told beforehand: who it is, what it may do.", Hint = "multiline")]
    public string? System { get; init; }

    [FlowInput("A JSON Schema the answer conforms to; the answer is a text where none is given.", Hint = "json-editor")]
    public Value Schema { get; init; }

    [FlowInput("The model; the host's where it is not given.")]
    public string? Model { get; init; }

    [FlowInput("How long the answer may be, in tokens.")]
    public int MaxTokens { get; init; } = 2000;

    [FlowOutput("The answer as it came.")]
    public string? Text { get; private set; }

    [FlowOutput("The answer as JSON, where a schema was given.")]
    public Value Json { get; private set; }

    [FlowOutput("How many tokens it took: inputTokens, outputTokens.")]
    public Value Usage => Value.From(new FactObjectBuilder { ["inputTokens"] = Value.From(_input), ["outputTokens"] = Value.From(_output) }.Build());

    public string? Missing => clients.Any() ? null : NoModel;

    public static void Check(ActivityCheck drawn)
    {
        if (drawn.Known("schema") is not { IsNull: false } schema) return;
        try
        {
            Read(schema);
        }
        catch (FlowException e)
        {
            drawn.Fault("schema", "value", e.Message);
        }
    }

    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        var client = clients.LastOrDefault() ?? throw new FlowException(NoModel) { IsFinal = true };
        var schema = Read(Schema);
        var options = new ChatOptions { ModelId = Model, MaxOutputTokens = MaxTokens, ResponseFormat = schema is null ? ChatResponseFormat.Text : ChatResponseFormat.ForJsonSchema(Element(schema.Source)) };
        var messages = new List<ChatMessage>();
        if (System is not null) messages.Add(new(ChatRole.System, System));
        messages.Add(new(ChatRole.User, schema is null ? Prompt : $"{Prompt}\n\nAnswer with JSON alone, conforming to this JSON Schema:\n{CanonicalJson.Text(schema.Source)}"));
        await AskAsync(client, messages, options, ct);
        if (schema is null || Take(schema) is not { } faults) return ActivityResult.Done;
        messages.Add(new(ChatRole.Assistant, Text));
        messages.Add(new(ChatRole.User, $"That does not conform to the schema:\n{faults}\nAnswer once more, with JSON alone."));
        await AskAsync(client, messages, options, ct);
        return Take(schema) is { } still ? throw new FlowException($"the model's answer does not conform to the schema, nor did its second: {still}") { IsFinal = true } : ActivityResult.Done;
    }

    private async Task AskAsync(IChatClient client, List<ChatMessage> messages, ChatOptions options, CancellationToken ct)
    {
        var answer = await client.GetResponseAsync(messages, options, ct);
        Text = answer.Text;
        _input += answer.Usage?.InputTokenCount ?? 0;
        _output += answer.Usage?.OutputTokenCount ?? 0;
    }

    /// <summary>Takes the answer as JSON when it conforms; else says why it does not.</summary>
    private string? Take(JsonSchema schema)
    {
        var faults = new List<Wfm.Fault>();
        if (StrictJson.Read(Encoding.UTF8.GetBytes(Unfenced(Text ?? "")), faults) is { } json)
        {
            faults.AddRange(schema.Validate(json));
            if (faults.Count == 0)
            {
                Json = json;
                return null;
            }
        }

        return string.Join('\n', faults.Take(MostFaults).Select(f => $"{(f.Pointer.Length == 0 ? "the answer" : f.Pointer)}: {f.Message}"));
    }

    // Models like to put JSON between ``` and ```.
    private static string Unfenced(string text)
    {
        text = text.Trim();
        if (!text.StartsWith("```", StringComparison.Ordinal) || !text.EndsWith("```", StringComparison.Ordinal)) return text;
        var start = text.IndexOf('\n', StringComparison.Ordinal);
        return start < 0 ? text : text[start..^3];
    }

    private static JsonSchema? Read(Value schema)
    {
        if (schema.IsNull) return null;
        var faults = new List<Wfm.Fault>();
        if (schema.AsText is { } text)
        {
            if (string.IsNullOrWhiteSpace(text)) return null;
            schema = StrictJson.Read(Encoding.UTF8.GetBytes(text), faults) ?? Value.Null;
        }

        var read = faults.Count == 0 ? JsonSchema.Read(schema, faults) : null;
        return read ?? throw new FlowException($"the schema: {string.Join("; ", faults.Select(f => $"{f.Pointer} {f.Message}".Trim()))}") { IsFinal = true };
    }

    private static JsonElement Element(Value value)
    {
        using var document = JsonDocument.Parse(CanonicalJson.Text(value));
        return document.RootElement.Clone();
    }
}
