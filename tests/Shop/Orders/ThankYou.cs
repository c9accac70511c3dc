using System.Globalization;
using Crm.Wfm.Events;
using Microsoft.EntityFrameworkCore;

namespace Shop.Orders;

// docs/events.md
/// <summary>Prints a thank-you for every order that is through.</summary>
public sealed class ThankYou : IEventConsumer
{
    public Task ConsumeAsync(IReadOnlyList<WfmEvent> events, DbContext db, CancellationToken ct)
    {
        foreach (var completed in events.Where(e => e.Type == EventTypes.ProjectCompleted && e.Subject.StartsWith("order/", StringComparison.Ordinal)))
        {
            var order = int.Parse(completed.Subject["order/".Length..], CultureInfo.InvariantCulture);
            db.Add(new Label { OrderId = order, Text = "Thank you!" });
        }

        return Task.CompletedTask;
    }
}
