using Crm.Testing;
using Npgsql;

namespace Crm.Host.Tests.Database;

/// <summary>The catalogue of the CRM's own schema against what was reviewed.</summary>
public sealed class CatalogueTests(CrmHost host) : IClassFixture<CrmHost>
{
    private static readonly ReviewedSchema Crm = new("crm")
    {
        Grants = new[] { "user", "invitation", "session", "api_key", "team", "team_member", "organization", "person", "lead", "deal", "activity", "note", "custom_field", "saved_view" }
            .ToDictionary(t => t, _ => "DELETE INSERT SELECT UPDATE").Concat([new("custom_value", "SELECT"), new("search_entry", "SELECT"), new("step_sum", "SELECT"), new("step_change", "SELECT")]).ToDictionary(),
        // A workspace precedes itself, an account is the same in all; functions reach these tables, nobody else. Currencies are everybody's.
        Global = ["workspace", "account", "sign_in_attempt", "data_protection_key", "currency", "__migrations"],
        // A key is looked up before its workspace is known.
        GlobalKeys = ["uq_api_key_id"],
        OwnersPolicies = ["user.look_up", "api_key.look_up", "session.look_up", "session.end_everywhere", "search_entry.look_up", "step_sum.fold", "step_change.fold"],
        Doors =
        [
            "create_workspace", "current_workspace", "change_workspace", "default_currency", "currencies",
            "find_login", "account_of", "create_account", "hold_password", "change_password", "reset_password", "count_sign_in_attempt", "forget_sign_in_attempts",
            "find_api_key", "data_protection_keys", "add_data_protection_key", "search", "fold_step_changes",
        ],
        Inner = ["check_custom", "keep_custom", "fill_custom", "refuse_custom", "say_custom", "custom_value_of", "custom_values_of", "search_key", "search_named", "keep_search", "count_deal", "count_lead", "count_record"],
        Plain = ["is_custom_used", "step_sums"],
        Triggers =
        [
            .. new[] { "deal", "lead", "person", "organization", "activity" }.SelectMany(t => new[] { $"{t}.check_custom", $"{t}.keep_custom", $"{t}.keep_search" }),
            .. new[] { "deal", "lead" }.SelectMany(t => new[] { $"{t}.count_row", $"{t}.count_change" }),
            "note.keep_search", "custom_field.fill_custom",
        ],
    };

    [Fact]
    public async Task The_schema_is_as_it_was_reviewed()
    {
        await using var connection = new NpgsqlConnection(host.Owner);
        await connection.OpenAsync();
        (await Crm.FindingsAsync(connection)).ShouldBeEmpty();
    }
}
