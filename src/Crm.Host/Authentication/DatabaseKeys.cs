using System.Xml.Linq;
using Crm.Host.Database;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Crm.Host.Authentication;

/// <summary>Keeps the keys of data protection in the database: any host takes the tokens and cookies of any other.</summary>
internal sealed class DatabaseKeys(CrmDatabase database, TimeProvider time) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = database.Source.CreateCommand("select xml from crm.data_protection_keys() as xml");
        using var reader = command.ExecuteReader();
        var keys = new List<XElement>();
        while (reader.Read()) keys.Add(XElement.Parse(reader.GetString(0)));
        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var command = database.Source.CreateCommand("select crm.add_data_protection_key($1, $2, $3)");
        command.Parameters.AddWithValue(friendlyName);
        command.Parameters.AddWithValue(element.ToString(SaveOptions.DisableFormatting));
        command.Parameters.AddWithValue(time.GetUtcNow());
        command.ExecuteNonQuery();
    }
}
