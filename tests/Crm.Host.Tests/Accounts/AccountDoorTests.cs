using Npgsql;

namespace Crm.Host.Tests.Accounts;

/// <summary>What the application's login reaches of accounts, whatever its code asks for.</summary>
public sealed class AccountDoorTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Doors_open_for_users_of_the_current_workspace_alone()
    {
        var member = await host.MemberAsync();
        var hash = await host.AskAsync<string>($"select password_hash from crm.account where email = '{member.Email}'");
        var before = await host.RowsAsync();

        foreach (var workspace in new Guid?[] { host.OtherWorkspace, null })
        {
            (await AskAsync(workspace, $"select count(*) from crm.account_of('{member.Id}')")).ShouldBe(0L);
            (await AskAsync(workspace, $"select crm.change_password('{member.Id}', '{hash}', 'mine', null, now())")).ShouldBe(false);
            (await AskAsync(workspace, $"select crm.reset_password('{member.Id}', 'mine', now())")).ShouldBe(false);
            foreach (var table in new[] { "user", "session", "invitation", "api_key", "team", "team_member" })
            {
                (await AskAsync(workspace, $"select count(*) from crm.{table} where workspace_id <> '{host.OtherWorkspace}'")).ShouldBe(0L, table);
            }
        }

        (await AskAsync(null, "select count(*) from crm.current_workspace()")).ShouldBe(0L);
        (await AskAsync(null, "select count(*) from crm.change_workspace('Mine', null, null, null, 1, gen_random_uuid(), now())")).ShouldBe(0L);
        (await AskAsync(host.OtherWorkspace, "select id from crm.current_workspace()")).ShouldBe(host.OtherWorkspace);
        (await AskAsync(host.Workspace, $"select count(*) from crm.account_of('{member.Id}')")).ShouldBe(1L);
        (await host.RowsAsync()).ShouldBe(before);
        (await host.SignInAsync(member.Email)).Access.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("account")]
    [InlineData("workspace")]
    [InlineData("sign_in_attempt")]
    [InlineData("data_protection_key")]
    public async Task Tables_that_cross_workspaces_are_closed(string table)
    {
        foreach (var statement in new[] { $"select * from crm.{table}", $"delete from crm.{table}", $"truncate crm.{table}" })
        {
            (await Should.ThrowAsync<PostgresException>(() => AskAsync(host.Workspace, statement))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
    }

    private async Task<object?> AskAsync(Guid? workspace, string sql)
    {
        await using var source = NpgsqlDataSource.Create(host.Application);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var enter = new NpgsqlCommand("select set_config('wfm.workspace', $1, true)", connection) { Parameters = { new() { Value = workspace?.ToString() ?? "" } } }) await enter.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
