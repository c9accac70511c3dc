using Crm.Testing;
using Npgsql;

namespace Crm.Host.Tests.Database;

/// <summary>The catalogue of the CRM's own schema against what was reviewed.</summary>
public sealed class CatalogueTests(CrmHost host) : IClassFixture<CrmHost>
{
    private static readonly ReviewedSchema Crm = new("crm")
    {
        Grants = new[] { "user", "api_key", "organization", "person", "lead", "deal", "activity", "note" }.ToDictionary(t => t, _ => "DELETE INSERT SELECT UPDATE"),
        // A workspace precedes itself: two functions reach the table, nobody else. Currencies are everybody's.
        Global = ["workspace", "currency", "__migrations"],
        // A key is looked up before its workspace is known.
        GlobalKeys = ["pk_workspace", "pk_currency", "uq_api_key_id"],
        OwnersPolicies = ["user.look_up", "api_key.look_up"],
        Doors = ["create_workspace", "find_api_key", "currencies"],
        Plain = ["default_currency"],
    };

    [Fact]
    public async Task The_schema_is_as_it_was_reviewed()
    {
        await using var connection = new NpgsqlConnection(host.Owner);
        await connection.OpenAsync();
        (await Crm.FindingsAsync(connection)).ShouldBeEmpty();
    }
}
