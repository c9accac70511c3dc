namespace Crm.Wfm.Flows.Studio;

/// <summary>An activity as Studio's toolbox and editors know it.</summary>
internal sealed record ElsaDescriptor
{
    public required string TypeName { get; init; }

    public string Namespace => TypeName.LastIndexOf('.') is var dot and > 0 ? TypeName[..dot] : "";

    public string Name => TypeName[(TypeName.LastIndexOf('.') + 1)..];

    public int Version { get; init; } = 1;

    public required string Category { get; init; }

    public required string DisplayName { get; init; }

    public string? Description { get; init; }

    /// <summary>Gets <c>Action</c> or <c>Trigger</c>. Never <c>Job</c> or <c>Task</c>: Studio would offer to run it in the background, which is the runner's business here.</summary>
    public string Kind { get; init; } = "Action";

    public bool IsBrowsable { get; init; } = true;

    public bool IsContainer { get; init; }

    public bool IsStart { get; init; }

    public bool IsTerminal { get; init; }

    public IReadOnlyList<ElsaPort> Ports { get; init; } = [];

    public IReadOnlyList<ElsaInput> Inputs { get; init; } = [];

    public IReadOnlyList<ElsaOutput> Outputs { get; init; } = [];

    public IReadOnlyDictionary<string, object> CustomProperties { get; init; } = new Dictionary<string, object>();

    /// <summary>Gets what Studio copies onto an activity that is dropped.</summary>
    public IReadOnlyDictionary<string, object> ConstructionProperties { get; init; } = new Dictionary<string, object>();
}

/// <summary>A way out (<c>Flow</c>), or a place for activities (<c>Embedded</c>).</summary>
internal sealed record ElsaPort(string Name, string Type = "Flow", bool IsBrowsable = true)
{
    public string DisplayName => Name;
}

/// <summary>An input. Studio writes it to the member of this name in camelCase.</summary>
internal sealed record ElsaInput(string Name, string TypeName)
{
    public required string DisplayName { get; init; }

    public string? Description { get; init; }

    public int Order { get; init; }

    public bool IsBrowsable { get; init; } = true;

    public bool IsWrapped { get; init; } = true;

    public string UiHint { get; init; } = "singleline";

    public string? Category { get; init; }

    public object? DefaultValue { get; init; }

    public string DefaultSyntax { get; init; } = "Literal";

    public IReadOnlyDictionary<string, object>? UiSpecifications { get; init; }
}

internal sealed record ElsaOutput(string Name, string TypeName)
{
    public required string DisplayName { get; init; }

    public string? Description { get; init; }

    public int Order { get; init; }

    public bool IsBrowsable { get; init; } = true;
}

/// <summary>An entry of a dropdown, a list of boxes, or the like.</summary>
internal sealed record ElsaChoice(string Text, string Value);

/// <summary>Names as Studio and Elsa write them.</summary>
internal static class ElsaNames
{
    /// <summary><c>eventName</c> is <c>EventName</c>.</summary>
    public static string Pascal(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];

    /// <summary><c>eventName</c> is <c>Event name</c>.</summary>
    public static string Words(string name)
    {
        var words = System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(name).Replace('-', ' ');
        return Pascal(words);
    }
}
