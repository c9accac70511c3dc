using Crm.Host.Accounts;
using Crm.Wfm.Http;

namespace Crm.Host.CustomFields;

internal static class CustomFieldEndpoints
{
    public static void MapCustomFields(this IEndpointRouteBuilder api)
    {
        var fields = api.MapGroup("/custom-fields").WithTags("Custom fields").WithWfmRequests(writesInOneTransaction: true);
        ListCustomFields.Map(fields);
        GetCustomField.Map(fields);
        var admins = fields.MapGroup("").ForAdmins();
        CreateCustomField.Map(admins);
        UpdateCustomField.Map(admins);
        DeleteCustomField.Map(admins);
        RestoreCustomField.Map(admins);
    }
}
