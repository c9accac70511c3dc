using System.Text.Json.Nodes;

namespace Crm.Host.Demo;

/// <summary>The transitions a demo record has taken.</summary>
internal sealed record DemoPath(IReadOnlyList<string> Transitions)
{
    /// <summary>Ways through the sales pipeline that end in every step.</summary>
    public static IReadOnlyList<DemoPath> OfDeals { get; } =
    [
        new([]), new(["contact"]), new(["contact", "discover"]), new(["contact", "discover", "propose"]), new(["contact", "discover", "propose", "negotiate"]),
        new(["contact", "discover", "propose", "win"]), new(["contact", "lose"]), new(["contact", "discover", "propose", "negotiate", "win"]),
    ];

    /// <summary>Ways through the qualification of leads that end in every step.</summary>
    public static IReadOnlyList<DemoPath> OfLeads { get; } = [new([]), new(["contact"]), new(["contact", "qualify"]), new(["contact", "disqualify"]), new(["contact", "qualify", "convert"])];

    public bool IsOpen => Transitions is not [.., "win" or "lose" or "disqualify" or "convert"];

    /// <summary>What a transition asks for.</summary>
    public static JsonObject? Input(string transition) => transition switch
    {
        "lose" => new JsonObject { ["lostReason"] = "timing" },
        "disqualify" => new JsonObject { ["reason"] = "no-need" },
        _ => null,
    };
}
