using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Crm.Wfm.Flows.Activities;

/// <summary>What there is to know of an activity before it runs, for checks and for designers; derived from its class.</summary>
/// <param name="Type">The type as flows write it.</param>
/// <param name="Title">The name for people.</param>
/// <param name="Category">Under what designers find it.</param>
/// <param name="Description">What it does.</param>
/// <param name="Outcomes">The ports by which connections leave it.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Outputs">Its outputs.</param>
/// <param name="Class">The class.</param>
public sealed record ActivityDescriptor(
    string Type, string Title, string Category, string Description, IReadOnlyList<string> Outcomes,
    IReadOnlyList<ActivityInput> Inputs, IReadOnlyList<ActivityOutput> Outputs, Type Class)
{
    /// <summary>Gets the input whose items are outcomes as well; <c>null</c> for none.</summary>
    public string? OutcomesFrom { get; private init; }

    /// <summary>Gets the members other activities can lie in.</summary>
    public IReadOnlyList<string> Ports { get; private init; } = [];

    /// <summary>Gets whether it can start a flow.</summary>
    public bool IsTrigger { get; private init; }

    /// <summary>Gets whether nothing follows it.</summary>
    public bool IsTerminal { get; private init; }

    /// <summary>Gets whether it neither writes to the database nor speaks with the outside.</summary>
    public bool IsPure { get; private init; }

    /// <summary>Gets the inputs flows may give that make no difference.</summary>
    public IReadOnlyList<string> Ignored { get; private init; } = [];

    /// <summary>Gets whether designers are offered it.</summary>
    public bool IsBrowsable { get; private init; } = true;

    /// <summary>Gets what looks at an activity of the class when its flow is published; <c>null</c> where the class says nothing.</summary>
    internal Action<ActivityCheck>? Check { get; private init; }

    // Members every activity has: one of its own of that name would be overwritten.
    private static readonly string[] Reserved =
        ["id", "nodeId", "name", "type", "version", "metadata", "customProperties", "canStartWorkflow", "runAsynchronously", "source", "line", "activities", "connections", "variables"];

    /// <summary>Derives the descriptor of a class.</summary>
    /// <exception cref="ArgumentException">The class has no <see cref="FlowActivityAttribute"/>, an input of a type no expression can give, or a member called what every
    /// activity's <c>type</c>, <c>name</c>, <c>id</c> and the like are called.</exception>
    public static ActivityDescriptor Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var activity = type.GetCustomAttribute<FlowActivityAttribute>() ?? throw new ArgumentException($"{type} has no [FlowActivity].", nameof(type));
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public);
        return new(activity.Type, activity.Title ?? Words(activity.Type), activity.Category, activity.Description, activity.Outcomes,
            [.. from p in properties let input = p.GetCustomAttribute<FlowInputAttribute>() where input is not null select ActivityInput.Of(p, input)],
            [.. from p in properties let output = p.GetCustomAttribute<FlowOutputAttribute>() where output is not null select new ActivityOutput(JsonName(p), output.Description, p)],
            type)
        {
            OutcomesFrom = activity.OutcomesFrom,
            Ports = activity.Ports,
            IsTrigger = activity.IsTrigger,
            IsTerminal = activity.IsTerminal,
            IsPure = activity.IsPure,
            Ignored = activity.Ignored,
            IsBrowsable = activity.IsBrowsable,
            Check = type.IsAssignableTo(typeof(ICheckedActivity)) ? CheckOf.MakeGenericMethod(type).CreateDelegate<Action<ActivityCheck>>() : null,
        };
    }

    private static readonly MethodInfo CheckOf = typeof(ActivityDescriptor).GetMethod(nameof(CheckBy), BindingFlags.Static | BindingFlags.NonPublic)!;

    private static void CheckBy<TActivity>(ActivityCheck drawn)
        where TActivity : ICheckedActivity => TActivity.Check(drawn);

    internal static string JsonName(PropertyInfo property)
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        return Reserved.Contains(name) ? throw new ArgumentException($"{property.DeclaringType}.{property.Name} cannot be called so: every activity has a {name} already.") : name;
    }

    // Crm.CreateActivity is "Create activity".
    private static string Words(string type)
    {
        var words = JsonNamingPolicy.KebabCaseLower.ConvertName(type[(type.LastIndexOf('.') + 1)..]).Replace('-', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }
}

/// <summary>An input of an activity.</summary>
/// <param name="Name">The member of the activity's JSON.</param>
/// <param name="Description">What it says.</param>
/// <param name="IsRequired">Whether the flow has to give it.</param>
/// <param name="Options">The values there are to choose from; none for any.</param>
/// <param name="Property">The property it sets.</param>
public sealed record ActivityInput(string Name, string Description, bool IsRequired, IReadOnlyList<string> Options, PropertyInfo Property)
{
    /// <summary>Gets whether it is computed when the activity asks, not before.</summary>
    public bool IsLazy { get; private init; }

    /// <summary>Gets the kind of expression it is when it is written as a plain text or as JSON; <c>null</c> for a literal.</summary>
    public string? Syntax { get; private init; }

    /// <summary>Gets whether the journal does not show it.</summary>
    public bool IsSecret { get; private init; }

    /// <summary>Gets whether it names roles the activity acts in.</summary>
    public bool LendsRoles { get; private init; }

    /// <summary>Gets how designers edit it; <c>null</c> as its type says.</summary>
    public string? Hint { get; private init; }

    internal static ActivityInput Of(PropertyInfo property, FlowInputAttribute input)
    {
        if (!InputValues.CanMake(property.PropertyType))
            throw new ArgumentException($"{property.DeclaringType}.{property.Name} is a {property.PropertyType}, which no expression can give.");
        return new(ActivityDescriptor.JsonName(property), input.Description, property.IsDefined(typeof(RequiredMemberAttribute)), input.Options, property) { IsLazy = input.IsLazy, IsSecret = input.IsSecret, Hint = input.Hint, Syntax = input.Syntax, LendsRoles = input.LendsRoles };
    }
}

/// <summary>An output of an activity.</summary>
/// <param name="Name">The member of the activity's JSON.</param>
/// <param name="Description">What it says.</param>
/// <param name="Property">The property it is read from.</param>
public sealed record ActivityOutput(string Name, string Description, PropertyInfo Property);
