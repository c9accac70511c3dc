using System.Text.Json;

namespace Shop.Orders;

public sealed class Order
{
    public int Id { get; init; }

    public Customer? Customer { get; set; }

    public required decimal Total { get; set; }

    public required string Currency { get; set; }

    public OrderPriority Priority { get; set; }

    public Guid? OwnerId { get; set; }

    public required DateTimeOffset PlacedAt { get; init; }

    public string? TrackingNumber { get; set; }

    public string? LostReason { get; set; }

    public string Wishes { get; set; } = "{}";

    public Guid? Project { get; set; }

    public string? Step { get; set; }

    public DateTimeOffset? StepEnteredAt { get; set; }

    public int Version { get; set; } = 1;

    public DateTimeOffset UpdatedAt { get; set; }

    public Guid UpdatedBy { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }
}

public enum OrderPriority
{
    Standard,
    NextDay,
}

public sealed class Customer
{
    public int Id { get; init; }

    public required string Name { get; set; }
}

/// <summary>What the process may know of an order.</summary>
public sealed record OrderFacts(
    decimal Total, string Currency, OrderPriority Priority, string? Customer, DateTimeOffset PlacedAt, string? TrackingNumber, string? LostReason,
    Dictionary<string, JsonElement> Wishes)
{
    public static Dictionary<string, JsonElement> Read(string wishes) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(wishes)!;
}
