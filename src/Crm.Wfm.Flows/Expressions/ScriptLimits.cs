using Crm.Wfm.Flows.Activities;
using Jint;
using Jint.Runtime;

namespace Crm.Wfm.Flows.Expressions;

/// <summary>How far a script may go. It holds a thread and the memory of its host, and other runs go on beside it.</summary>
internal static class ScriptLimits
{
    /// <summary>The longest text a function of the language may make at once.</summary>
    public const int MaxText = 5_000_000;

    /// <summary>How deep values may be nested when they go in or out, or become text.</summary>
    public const int MaxDepth = 200;

    /// <summary>The most comparisons a search of one text for another may come to: the length of the one times that of the other.</summary>
    public const double MaxCompared = 5_000_000_000;

    /// <summary>The longest regular expression a script may make of a text.</summary>
    public const int MaxPattern = 10_000;

    public const int MaxStatements = 1_000_000;
    public const int MaxItems = 1_000_000;
    public const int MaxCalls = 250;
    public const int MaxMegabytes = 64;

    public static readonly TimeSpan Time = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RegexTime = TimeSpan.FromMilliseconds(500);

    public static ScriptPreparationOptions Preparation { get; } = new()
    {
        ParsingOptions = new ScriptParsingOptions { AllowReturnOutsideFunction = true, RegexTimeout = RegexTime },
        CollectReferencedGlobals = true,
    };

    /// <summary>Gets what all engines are made with: its constraints are made anew for each.</summary>
    public static Options Options { get; } = Make();

    /// <summary>Says in words for whoever drew the flow why a script did not come to its end; <c>null</c> for what is no failure of the script.</summary>
    public static FlowException? Failure(Exception cause) => cause switch
    {
        FlowException flow => flow,
        StatementsCountOverflowException => Over($"{MaxStatements} statements"),
        System.Text.RegularExpressions.RegexMatchTimeoutException => Over($"{RegexTime.TotalMilliseconds} milliseconds in one regular expression"),
        TimeoutException => Over($"{Time.TotalSeconds} seconds"),
        RecursionDepthOverflowException => Over($"{MaxCalls} calls of a function within itself"),
        MemoryLimitExceededException e when e.Message.Contains("array size", StringComparison.Ordinal) => Over($"{MaxItems} items in a list"),
        MemoryLimitExceededException or OutOfMemoryException => Over($"{MaxMegabytes} MB of memory"),
        InsufficientExecutionStackException => Over("the depth of the stack"),
        JavaScriptException e => new($"the script failed{(e.Location.Start.Line > 0 ? $" in line {e.Location.Start.Line}" : "")}: {e.Message}"),
        JintException or InvalidOperationException or ArgumentException or FormatException => new($"the script failed: {cause.Message}"),
        _ => null,
    };

    /// <summary>Refuses to go on.</summary>
    public static FlowException Over(string limit) => new($"the script was ended: it needs more than {limit}");

    private static Options Make()
    {
        var options = new Options().TimeoutInterval(Time).LimitRecursion(MaxCalls).MaxStatements(MaxStatements).LimitMemory(MaxMegabytes * 1_000_000L).DisableStringCompilation();
        options.Constraints.StackOverflowGuard = true;
        options.Constraints.RegexTimeout = RegexTime;
        options.Constraints.MaxArraySize = MaxItems;
        options.Constraints.PromiseTimeout = RegexTime;
        options.AgentCanSuspend = false;
        options.Json.MaxParseDepth = MaxDepth;
        options.Culture = System.Globalization.CultureInfo.InvariantCulture;
        options.TimeZone = TimeZoneInfo.Utc;
        options.TimeSystem = new ScriptClock();
        return options;
    }
}

/// <summary>The time scripts see: that of the run's burst, in UTC, so that <c>new Date()</c> is the same whichever host runs it, and moves with a simulated clock.</summary>
internal sealed class ScriptClock : ITimeSystem
{
    private readonly DefaultTimeSystem _dates = new(TimeZoneInfo.Utc, System.Globalization.CultureInfo.InvariantCulture);

    // A script runs on one thread, from its beginning to its end.
    [ThreadStatic]
    private static DateTimeOffset t_now;

    public static DateTimeOffset Now { get => t_now; set => t_now = value; }

    public TimeZoneInfo DefaultTimeZone => TimeZoneInfo.Utc;

    public DateTimeOffset GetUtcNow() => Now;

    public bool TryParse(string date, out long epochMilliseconds) => _dates.TryParse(date, out epochMilliseconds);

    public TimeSpan GetUtcOffset(long epochMilliseconds) => TimeSpan.Zero;
}
