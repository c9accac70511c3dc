using Crm.Wfm.Http;

namespace Crm.Host.Notes;

internal static class NoteEndpoints
{
    public static void MapNotes(this IEndpointRouteBuilder api)
    {
        var notes = api.MapGroup("/notes").WithTags("Notes").WithWfmRequests(writesInOneTransaction: true);
        ListNotes.Map(notes);
        CreateNote.Map(notes);
        GetNote.Map(notes);
        UpdateNote.Map(notes);
        DeleteNote.Map(notes);
        RestoreNote.Map(notes);
    }
}
