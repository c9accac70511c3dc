namespace Crm.Wfm.Rules.Solving;

/// <summary>Where the outcome of rules may change along one field: values it is compared with, roots of what is computed from it, texts it is searched for.</summary>
internal sealed class Boundaries
{
    private const int Most = 1000;

    /// <summary>Gets values of any kind.</summary>
    public HashSet<Value> Values { get; } = [];

    /// <summary>Gets numbers at which something changes.</summary>
    public HashSet<double> Numbers { get; } = [];

    /// <summary>Gets times at which something changes.</summary>
    public HashSet<DateTimeOffset> Times { get; } = [];

    /// <summary>Gets what a list is searched for.</summary>
    public HashSet<Value> Members { get; } = [];

    /// <summary>Gets texts that it has to begin with, end with or have within, and patterns.</summary>
    public HashSet<(TextShape Shape, string Text)> Shapes { get; } = [];

    /// <summary>Gets whether texts are compared by order.</summary>
    public bool IsOrdered { get; set; }

    /// <summary>Gets what could not be understood; <c>null</c> when everything was.</summary>
    public string? Unclear { get; private set; }

    /// <summary>Adds a value the field is compared with.</summary>
    public void Add(in Value value)
    {
        if (Values.Count >= Most) Blur("too many values");
        else if (!Values.Add(value)) return;
        Add(Form.NumberOf(in value));
        if (Moments.Read(value.AsText) is { } time) Times.Add(time);
    }

    public void Add(double number)
    {
        if (double.IsFinite(number) && Numbers.Count < Most) Numbers.Add(number);
    }

    public void Add(TextShape shape, string text) => Shapes.Add((shape, text));

    /// <summary>Notes that something is beyond what is understood.</summary>
    public void Blur(string what) => Unclear ??= what;
}

/// <summary>What a text is looked at for.</summary>
internal enum TextShape
{
    /// <summary>Begins with.</summary>
    Start,

    /// <summary>Ends with.</summary>
    End,

    /// <summary>Has within.</summary>
    Within,

    /// <summary>Matches a pattern.</summary>
    Pattern,
}
