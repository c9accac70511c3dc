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

    /// <summary>Gets or sets the name of an input whose items are outcomes as well, such as <c>branches</c> or <c>cases</c>.</summary>
    public string? OutcomesFrom { get; set; }

    /// <summary>Gets or sets the members other activities can lie in, such as <c>body</c>.</summary>
    public string[] Ports { get; set; } = [];

    /// <summary>Gets or sets whether it can start a flow.</summary>
    public bool IsTrigger { get; set; }

    /// <summary>Gets or sets whether it ends what is around it, so that nothing follows it.</summary>
    public bool IsTerminal { get; set; }

    /// <summary>Gets or sets whether it neither writes to the database nor speaks with the outside. Many runs of flows with only such activities share a transaction.</summary>
    public bool IsPure { get; set; }

    /// <summary>Gets or sets the inputs the same activity has elsewhere that make no difference here: flows may give them.</summary>
    public string[] Ignored { get; set; } = [];

    /// <summary>Gets or sets whether designers are offered it. Default <c>true</c>.</summary>
    public bool IsBrowsable { get; set; } = true;
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

    /// <summary>Gets or sets whether it is computed when the activity asks, not before: as the condition of a loop is.</summary>
    public bool IsLazy { get; set; }

    /// <summary>Gets or sets the kind of expression it is, such as <c>JavaScript</c>, when it is written as a plain text or as JSON: then what was written is read as that.</summary>
    public string? Syntax { get; set; }

    /// <summary>Gets or sets whether it may hold a secret, so that the journal does not show it.</summary>
    public bool IsSecret { get; set; }

    /// <summary>Gets or sets whether it names roles the activity acts in: a flow that gives any is published by somebody who has them, or publishes bundles.</summary>
    public bool LendsRoles { get; set; }

    /// <summary>Gets or sets how designers edit it, one of Elsa Studio's hints such as <c>multiline</c> or <c>code-editor</c>; chosen by the type where it is not given.</summary>
    public string? Hint { get; set; }
}

/// <summary>Makes a property an output: what it holds after the activity ran is kept in the journal, in the variable the flow binds it to, and at <c>outputs.&lt;activity&gt;.&lt;name&gt;</c>.</summary>
/// <param name="description">What it says, one sentence.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FlowOutputAttribute(string description) : Attribute
{
    /// <summary>Gets the description.</summary>
    public string Description => description;
}
