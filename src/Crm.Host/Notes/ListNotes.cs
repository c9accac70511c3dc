using Crm.Entities;
using Crm.Entities.Notes;
using Crm.Host.Lists;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Notes;

internal static class ListNotes // GET /notes
{
    public static Listing<Note> Listing { get; } = Listings.Of<Note>().About().Text("body", n => n.Body);

    public static void Map(IEndpointRouteBuilder notes) => notes.MapGet("", Handle).WithName(nameof(ListNotes)).WithSummary("Lists notes").WithListing(Listing);

    private static Task<Results<Ok<Page<NoteResponse>>, ProblemHttpResult>> Handle(HttpContext http, CrmDbContext db, CancellationToken ct) =>
        Listing.AnswerAsync(http.Request.Query, db, NoteResponse.Projection, ct);
}
