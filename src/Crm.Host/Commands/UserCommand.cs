using System.CommandLine;
using Crm.Entities;
using Crm.Entities.Accounts;
using Crm.Entities.Migrations;
using Crm.Entities.Users;
using Crm.Host.Accounts;
using Crm.Host.Configuration;
using Crm.Host.Database;
using Crm.Wfm;
using Crm.Wfm.Events;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace Crm.Host.Commands;

/// <summary>The way in while nobody can sign in yet.</summary>
internal static class UserCommand
{
    public static Command Create(string[] settings)
    {
        var email = new Option<string>("--email") { Description = "The address to sign in with.", Required = true };
        email.Validators.Add(r =>
        {
            if (!new MailAddressAttribute().IsValid(r.GetValueOrDefault<string>())) r.AddError("--email is no e-mail address.");
        });
        var name = new Option<string>("--name") { Description = "The name others see.", Required = true };
        name.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<string>()?.Trim() is not { Length: > 0 and <= 200 }) r.AddError("--name has 1 to 200 characters.");
        });
        var roles = new Option<string[]>("--role") { Description = "A role, such as admin; may be repeated." };
        var workspace = new Option<Guid>("--workspace") { Description = "The workspace's id; the default one when left out.", DefaultValueFactory = _ => Workspace.Default };
        var create = new Command("create", "Makes a user. The password of a new account is asked for, or read from standard input; an account that is there keeps its own.") { email, name, roles, workspace };
        create.SetAction((parse, ct) => CreateAsync(settings, parse.GetValue(email)!, parse.GetValue(name)!, parse.GetValue(roles) ?? [], parse.GetValue(workspace), ct));
        return new("user", "Administers users without signing in.") { create };
    }

    private static async Task<int> CreateAsync(string[] settings, string email, string name, string[] roles, Guid workspace, CancellationToken ct)
    {
        await using var database = await HostConfiguration.OpenDatabaseAsync(settings, ct);
        if (database.IsEmbedded) await CrmMigration.MigrateAsync(database.Owner, database.Application, ct);
        await using var services = CrmApplication.Services(database);
        await using var scope = services.CreateAsyncScope();
        var (db, now) = (scope.ServiceProvider.GetRequiredService<CrmDbContext>(), scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow());
        if (workspace == Workspace.Default) await EnsureDefaultAsync(database, now, ct);

        scope.ServiceProvider.GetRequiredService<CurrentWorkspace>().Id = workspace;
        await using var transaction = await db.Database.BeginWorkspaceAsync(workspace, ct);
        await CheckAsync(db, email, roles, workspace, ct);
        var account = await AccountAsync(db, scope.ServiceProvider.GetRequiredService<Passwords>(), email, now, ct);
        var user = new User { WorkspaceId = workspace, Id = Guid.CreateVersion7(now), AccountId = account, Name = name.Trim(), Email = email, Roles = [.. roles.Distinct()], CreatedAt = now };
        db.Users.Add(user);
        await db.SaveChangesAsync(ct);
        await AccountWrites.TellAsync(scope.ServiceProvider.GetRequiredService<EventEmitter>(), "crm.user.created", "user", user.Id, Actor.System, now, ct, ("roles", AccountWrites.Texts(user.Roles)));
        await transaction.CommitAsync(ct);
        await Console.Out.WriteLineAsync($"{email} can sign in to the workspace {workspace}.");
        return 0;
    }

    private static async Task CheckAsync(CrmDbContext db, string email, string[] roles, Guid workspace, CancellationToken ct)
    {
        if (!await db.Database.SqlQuery<bool>($"""select exists (select from crm.current_workspace()) as "Value" """).SingleAsync(ct)) throw new CannotStartException($"There is no workspace {workspace}.");
        if (await db.UnknownRolesAsync(roles, ct) is { Count: > 0 } unknown) throw new CannotStartException($"These are no roles of the workspace: {string.Join(", ", unknown)}. Its bundles name them; {Roles.Admin} is always there.");
        if (await db.Users.FromSql($"select * from crm.user where lower(email) = lower({email})").AnyAsync(ct)) throw new CannotStartException($"{email} is a user of the workspace already.");
    }

    private static async Task<Guid> AccountAsync(CrmDbContext db, Passwords passwords, string email, DateTimeOffset now, CancellationToken ct)
    {
        if ((await db.FindLoginAsync(email, ct)).FirstOrDefault() is { } known) return known.AccountId;
        var password = await PasswordAsync(ct);
        if (Passwords.Check(password, email, "") is { } fault) throw new CannotStartException(fault.Message);
        var account = Guid.CreateVersion7(now);
        if (!await db.CreateAccountAsync(account, email, passwords.Hash(password), now, ct)) throw new CannotStartException($"{email} got an account at the same moment; try again.");
        return account;
    }

    // Never as an argument: those are seen by everybody on the machine, and stay in the shell's history.
    private static async Task<string> PasswordAsync(CancellationToken ct)
    {
        if (Console.IsInputRedirected) return await Console.In.ReadLineAsync(ct) ?? throw new CannotStartException("Standard input has no password.");
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
        return await new TextPrompt<string>($"Password ({Passwords.Shortest} characters or more):").Secret().ShowAsync(console, ct);
    }

    private static async Task EnsureDefaultAsync(CrmDatabase database, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = database.Source.CreateCommand("select crm.create_workspace($1, 'Default', $2)");
        command.Parameters.AddWithValue(Workspace.Default);
        command.Parameters.AddWithValue(now);
        await command.ExecuteNonQueryAsync(ct);
    }
}
