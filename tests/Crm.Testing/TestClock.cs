namespace Crm.Testing;

/// <summary>A clock that stands still until a test moves it.</summary>
public sealed class TestClock : TimeProvider
{
    /// <summary>What time it is. Starts with a fraction finer than the database keeps.</summary>
    public DateTimeOffset Now { get; set; } = new DateTimeOffset(2026, 3, 31, 10, 0, 0, TimeSpan.Zero).AddTicks(1234567);

    public override DateTimeOffset GetUtcNow() => Now;
}
