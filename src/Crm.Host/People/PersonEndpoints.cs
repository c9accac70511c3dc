using Crm.Wfm.Http;

namespace Crm.Host.People;

internal static class PersonEndpoints
{
    public static void MapPeople(this IEndpointRouteBuilder api)
    {
        var people = api.MapGroup("/people").WithTags("People");
        var records = people.MapGroup("").WithWfmRequests(writesInOneTransaction: true);
        ListPeople.Map(records);
        BulkReadPeople.Map(records);
        CreatePerson.Map(records);
        GetPerson.Map(records);
        UpdatePerson.Map(records);
        AssignPerson.Map(records);
        DeletePerson.Map(records);
        RestorePerson.Map(records);
    }
}
