using Crm.Host.Lists;
using Crm.Wfm.Http;
using Microsoft.OpenApi;

namespace Crm.Host.Boards;

/// <summary>Tells OpenAPI readers what a board can be asked.</summary>
internal static class BoardDescription
{
    public static RouteHandlerBuilder WithBoard<T>(this RouteHandlerBuilder endpoint, Board<T> board)
        where T : class => endpoint.WithMetadata(new OwnQuery())
        .WithDescription($"Filters are those of the noun's list. With some, counts and sums are of the records they leave, up to {BoardReader.MostCounted}; more are not counted.")
        .WithParameters([.. Own(board), .. ListDescription.Filters(board.Listing), ListDescription.Limit(BoardReader.UsualCards, BoardReader.MostCards)])
        .ProducesProblem(StatusCodes.Status404NotFound);

    public static RouteHandlerBuilder WithColumn<T>(this RouteHandlerBuilder endpoint, Board<T> board)
        where T : class => endpoint.WithMetadata(new OwnQuery())
        .WithDescription("Begins where the column of the board ended: `after` is the `next` of its cards, and the filters are the same.")
        .WithParameters([.. Own(board), .. ListDescription.Filters(board.Listing), ListDescription.Limit(BoardReader.UsualCards, Pages.Max), ListDescription.After]);

    private static IEnumerable<IOpenApiParameter> Own<T>(Board<T> board)
        where T : class => board.Own.Select(name => ListDescription.Required(name, $"The {name} of the records, such as `ticket`."));
}
