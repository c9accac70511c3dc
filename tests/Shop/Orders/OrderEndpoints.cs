using System.ComponentModel.DataAnnotations;
using Crm.Wfm.Events;
using Crm.Wfm.Http;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Shop.Orders;

public sealed record OrderFields([property: Range(0, 1_000_000)] decimal Total, [property: StringLength(3, MinimumLength = 3)] string Currency, Address? ShipTo = null);

public sealed record Address([property: StringLength(60, MinimumLength = 1)] string City);

public sealed record OrderResponse(int Id, decimal Total, string? Step);

/// <summary>Orders over HTTP: the shop's own endpoints, with the package's parts.</summary>
internal static class OrderEndpoints
{
    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/orders").MapMovesOf("order");
        var orders = app.MapGroup("/orders").WithWfmRequests(writesInOneTransaction: true);
        orders.MapPost("", PlaceAsync).WithIdempotencyKey("orders");
        orders.MapPatch("/{id:int}", ChangeAsync);
    }

    private static async Task<Results<Created<OrderResponse>, ProblemHttpResult>> PlaceAsync(
        Body<OrderFields> body, ShopContext shop, MoveEngine engine, EventEmitter events, CurrentRequest current, TimeProvider time, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var order = new Order { Total = body.Value.Total, Currency = body.Value.Currency, OwnerId = current.Actor.Id, PlacedAt = now, UpdatedAt = now, Customer = new() { Name = "Web" } };
        shop.Add(order);
        await shop.SaveChangesAsync(ct);
        await events.EmitAsync([new("shop.order.placed", new("order", order.Id), Value.From((double)order.Total))], current.Actor, now, null, ct);
        var started = await engine.StartAsync(new(new SubjectRef("order", order.Id), current.Actor), ct);
        // Too dear for this shop: whoever answers a problem has written nothing.
        if (started is not MoveResult.Moved || order.Total > 900_000) return Problems.Conflict("We do not sell that.");
        return TypedResults.Created($"/orders/{order.Id}", new OrderResponse(order.Id, order.Total, order.Step));
    }

    private static async Task<Results<Ok<OrderResponse>, ProblemHttpResult>> ChangeAsync(int id, MergePatch<OrderFields> patch, ShopContext shop, CancellationToken ct)
    {
        if (await shop.Orders.SingleOrDefaultAsync(o => o.Id == id, ct) is not { } order) return Problems.NotFound("order");
        if (patch.Version is { } seen && seen != order.Version) return Problems.Stale("order", order.Version);
        if (patch.Apply(new(order.Total, order.Currency), out var faults) is not { } fields) return Problems.Faulty(faults);
        (order.Total, order.Currency, order.Version) = (fields.Total, fields.Currency, order.Version + 1);
        await shop.SaveChangesAsync(ct);
        return TypedResults.Ok(new OrderResponse(order.Id, order.Total, order.Step));
    }
}
