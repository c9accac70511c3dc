namespace Crm.Wfm.Flows.Activities;

/// <summary>Makes a class an activity that flows can use. The descriptor designers see is derived from it.</summary>
/// <param name="type">The type as flows write it: a namespace and a name, such as <c>Crm.CreateActivity</c>.</param>
/// <param name="category">Under what designers find it, such as <c>CRM</c>.</param>
/// <param name="description">What it does, one sentence.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class FlowActivityAttribute(string type, string category, string description) : Attribute
{
    /// <summary>Gets the type.</summary>
    public string Type => type;

    /// <summary>Gets the category.</summary>
    public string Category => category;

    /// <summary>Gets the description.</summary>
    public string Description => description;

    /// <summary>Gets or sets the name for people; made from the type where it is not given: <c>Create activity</c>.</summary>
    public string? Title { get; set; }

    /// <summary>Gets or sets the outcomes by which connections leave it. Default <c>Done</c>.</summary>
    public string[] Outcomes { get; set; } = ["Done"];
}

/// <summary>
/// Makes a property an input: before the activity runs it is set to what the flow's expression computes, converted to its type. A <c>required</c> property has to be
/// given in the flow; any other keeps its initial value where it is not. Types: <see cref="string"/>, <see cref="bool"/>, numbers, <see cref="Guid"/>,
/// <see cref="DateTimeOffset"/>, <see cref="TimeSpan"/> (ISO 8601, such as <c>P1D</c>), enums, <see cref="Rules.Value"/> for any JSON,
/// <see cref="Definitions.FlowVariable"/> for a variable of the flow.
/// </summary>
/// <param name="description">What it says, one sentence.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FlowInputAttribute(string description) : Attribute
{
    /// <summary>Gets the description.</summary>
    public string Description => description;

    /// <summary>Gets or sets the values there are to choose from; none for any.</summary>
    public string[] Options { get; set; } = [];
}

/// <summary>Makes a property an output: what it holds after the activity ran is kept in the journal, in the variable the flow binds it to, and at <c>outputs.&lt;activity&gt;.&lt;name&gt;</c>.</summary>
/// <param name="description">What it says, one sentence.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FlowOutputAttribute(string description) : Attribute
{
    /// <summary>Gets the description.</summary>
    public string Description => description;
}
