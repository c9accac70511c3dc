using Crm.Wfm.Moves;

namespace Crm.Wfm.Embedding.Tests.Readme;

// README: Shipping.cs
public sealed class Shipping(ShopContext shop, MoveEngine engine)
{
    public async Task<string> ShipAsync(Guid project, Actor actor, CancellationToken ct)
    {
        await using var transaction = await shop.Database.BeginTransactionAsync(ct);
        // … your own writes …
        switch (await engine.MoveAsync(new MoveCommand(project, "ship", actor), ct))
        {
            case MoveResult.Moved moved:
                await transaction.CommitAsync(ct);
                return $"Now in {moved.To}.";
            case MoveResult.Refused refused:
                return string.Join(" ", refused.Reasons.Select(r => r.Message));
            default:
                return "Look again: somebody was faster.";
        }
    }
}
// README end
