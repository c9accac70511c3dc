using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Shop.Orders;

/// <summary>Hands orders to the carrier: the shop's own write and the move, in one transaction of the shop's own.</summary>
public sealed class Shipping(ShopContext shop, MoveEngine engine, TimeProvider time)
{
    public static Actor Courier { get; } = new(new Guid("00000000-0000-0000-0000-00000000c0de"), "warehouse");

    /// <summary>Ships one order; when the process refuses, the tracking number is not kept either.</summary>
    public async Task<MoveResult> ShipAsync(Guid project, int orderId, string trackingNumber, CancellationToken ct)
    {
        await using var transaction = await shop.Database.BeginTransactionAsync(ct);
        var order = await shop.Orders.SingleAsync(o => o.Id == orderId, ct);
        (order.TrackingNumber, order.UpdatedAt, order.UpdatedBy) = (trackingNumber, time.GetUtcNow(), Courier.Id);
        order.Version++;
        await shop.SaveChangesAsync(ct);
        var result = await engine.MoveAsync(new(project, "ship", Courier), ct);
        if (result is MoveResult.Moved) await transaction.CommitAsync(ct);
        return result;
    }

    /// <summary>Ships every order that is paid.</summary>
    public async Task<IReadOnlyList<MoveResult>> ShipAllAsync(CancellationToken ct)
    {
        var results = new List<MoveResult>();
        foreach (var (project, order) in await PaidAsync(ct)) results.Add(await ShipAsync(project, order, $"TRACK-{order}", ct));
        return results;
    }

    private async Task<List<(Guid Project, int Order)>> PaidAsync(CancellationToken ct)
    {
        await using var transaction = await shop.Database.BeginWorkspaceAsync(Crm.Wfm.Workspace.Default, ct);
        var paid = await shop.Set<ProjectRow>().Where(p => p.SubjectType == "order" && p.Step == "paid").Select(p => new { p.Id, p.SubjectId }).ToListAsync(ct);
        return [.. paid.Select(p => (p.Id, int.Parse(p.SubjectId, System.Globalization.CultureInfo.InvariantCulture)))];
    }
}
