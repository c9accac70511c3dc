using System.Text;

namespace Crm.Wfm.Flows.Definitions;

/// <summary>The types flows have as activities of other flows.</summary>
internal static class FlowTypes
{
    /// <summary>Makes the type out of the name: <c>Subworkflow test</c> is <c>SubworkflowTest</c>; hyphens stay, underscores and spaces go. <c>null</c> for a flow without name.</summary>
    public static string? NameOf(FlowDefinition flow) => flow.Name is { Length: > 0 } name ? NameOf(name) : null;

    /// <inheritdoc cref="NameOf(FlowDefinition)"/>
    public static string NameOf(string name)
    {
        var (type, upper) = (new StringBuilder(), true);
        foreach (var letter in name)
        {
            if (letter is ' ' or '_')
            {
                upper = true;
                continue;
            }

            type.Append(upper ? char.ToUpperInvariant(letter) : letter);
            upper = false;
        }

        return type.ToString();
    }
}
