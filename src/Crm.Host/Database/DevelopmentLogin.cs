using System.Security.Cryptography;
using Crm.Embedded;
using Npgsql;

namespace Crm.Host.Database;

/// <summary>Gives the embedded PostgreSQL the database and the application's own login: development runs under the same row level security as production.</summary>
internal static class DevelopmentLogin
{
    private const string Login = "crm_login";

    public static async Task<string> EnsureAsync(EmbeddedPostgres postgres, string database, CancellationToken ct)
    {
        var password = await PasswordAsync(Path.Combine(postgres.Folder, "application-password"), ct);
        await using (var source = NpgsqlDataSource.Create(postgres.ConnectionString()))
        {
            await using var connection = await source.OpenConnectionAsync(ct);
            // Names are constants and the password is hex: nothing here can break out of its quotes.
            await ExecuteAsync(connection, $"""
                select pg_advisory_lock(hashtext('crm.development'));
                do $$ begin
                  if not exists (select from pg_roles where rolname = '{Login}') then create role {Login} login; end if;
                end $$;
                alter role {Login} password '{password}'
                """, ct);
            await using var exists = new NpgsqlCommand("select count(*) from pg_database where datname = $1", connection) { Parameters = { new() { Value = database } } };
            if (await exists.ExecuteScalarAsync(ct) is 0L) await ExecuteAsync(connection, $"create database {database}", ct);
        }

        return new NpgsqlConnectionStringBuilder(postgres.ConnectionString(database)) { Username = Login, Password = password }.ConnectionString;
    }

    private static async Task<string> PasswordAsync(string file, CancellationToken ct)
    {
        if (File.Exists(file)) return await File.ReadAllTextAsync(file, ct);
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        await PrivateFile.WriteAsync(file, password, ct);
        return password;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>Files only this user can read, written whole or not at all.</summary>
internal static class PrivateFile
{
    public static async Task WriteAsync(string file, string text, CancellationToken ct)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var draft = $"{file}.{Environment.ProcessId}";
        await using (var writer = new StreamWriter(draft, options)) await writer.WriteAsync(text.AsMemory(), ct);
        File.Move(draft, file, overwrite: true);
    }
}
