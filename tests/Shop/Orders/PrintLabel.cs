using Crm.Wfm.Moves;

namespace Shop.Orders;

public sealed class Label
{
    public int Id { get; init; }

    public required int OrderId { get; init; }

    public required string Text { get; init; }
}

/// <summary>A post-action of the shop's own: what it saves commits together with the move, or not at all.</summary>
public sealed class PrintLabel(ShopContext shop) : IPostAction
{
    public async Task<MoveResult?> RunAsync(PostActionContext context, CancellationToken ct)
    {
        var order = int.Parse(context.Project.Subject.Id, System.Globalization.CultureInfo.InvariantCulture);
        shop.Labels.Add(new() { OrderId = order, Text = context.Value.AsText ?? throw new InvalidOperationException("A label needs a text.") });
        await shop.SaveChangesAsync(ct);
        return null;
    }
}
