using Crm.Entities;
using Crm.Entities.Views;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Views;

internal static class CreateView // POST /views
{
    public static void Map(IEndpointRouteBuilder views) => views.MapPost("", Handle).WithName(nameof(CreateView))
        .WithSummary("Keeps a list: its filters, sort and columns").WithIdempotencyKey("views");

    private static async Task<Results<Created<ViewResponse>, ProblemHttpResult>> Handle(
        Body<CreateViewRequest> body, HttpContext http, CrmDbContext db, RecordWrites writes, CancellationToken ct)
    {
        var asked = body.Value;
        if (await ViewQueries.CheckAsync(db, asked.RecordType, asked.Query, asked.Columns ?? [], ct) is { Count: > 0 } faults) return Problems.Faulty(faults);
        var view = new SavedView
        {
            WorkspaceId = writes.Workspace, Id = writes.NewId(), Name = asked.Name, RecordType = asked.RecordType, OwnerId = writes.Actor.Id,
            IsShared = asked.IsShared, Query = asked.Query, Columns = [.. asked.Columns ?? []],
        };
        db.Views.Add(view);
        if (await writes.SaveAsync(view, ct) is { } problem) return problem;
        http.Response.Headers.Location = $"{http.Request.Path}/{view.Id}"; // here, not by the result: HttpIdempotency keeps it
        return TypedResults.Created((string?)null, await GetView.ReadAsync(db, view.Id, writes.Actor.Id, ct));
    }
}
