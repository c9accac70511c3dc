using Crm.Entities;
using Crm.Wfm;
using Crm.Wfm.Events;
using Crm.Wfm.Http;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Crm.Host.Accounts;

/// <summary>What changing users, teams and keys has in common: who, where and when, saving, and telling of it in the same transaction.</summary>
internal sealed class AccountWrites(CrmDbContext db, EventEmitter events, TimeProvider time, CurrentRequest current, CurrentWorkspace workspace)
{
    public Guid Workspace => workspace.Id;

    public Actor Actor => current.Actor;

    public bool IsAdmin => current.Actor.Roles.Contains(Entities.Users.Roles.Admin);

    /// <summary>Gets the time of this change, cut to what the database keeps.</summary>
    public DateTimeOffset Now { get; } = Cut(time.GetUtcNow());

    /// <summary>Saves; a problem says why not, and leaves the transaction to be undone.</summary>
    public async Task<ProblemHttpResult?> SaveAsync(CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
            return null;
        }
        catch (DbUpdateConcurrencyException)
        {
            return Problems.Conflict("Somebody else changed this at the same moment; read it again.");
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { ConstraintName: "uq_user_email" or "uq_user_account" })
        {
            return Problems.Conflict("This address is a member of the workspace already.");
        }
    }

    /// <summary>Tells of a change. Never of addresses or secrets: events go where those have no business.</summary>
    public Task TellAsync(string type, string noun, Guid id, CancellationToken ct, params IEnumerable<(string Name, Value Value)> members) =>
        TellAsync(events, type, noun, id, Actor, Now, ct, members);

    public static Task TellAsync(EventEmitter events, string type, string noun, Guid id, Actor actor, DateTimeOffset at, CancellationToken ct, params IEnumerable<(string Name, Value Value)> members)
    {
        var data = new FactObjectBuilder { ["id"] = Value.From(id) };
        foreach (var (name, value) in members) data[name] = value;
        return events.EmitAsync([new(type, new SubjectRef(noun, id), Value.From(data.Build()))], actor, at, null, ct);
    }

    public static Value Texts(IEnumerable<string> texts) => Value.From([.. texts.Select(Value.From)]);

    private static DateTimeOffset Cut(DateTimeOffset time) => time.ToUniversalTime().AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}

/// <summary>Lets nobody but admins through.</summary>
internal sealed class AdminsOnly : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.RequestServices.GetRequiredService<AccountWrites>().IsAdmin
            ? next(context)
            : ValueTask.FromResult<object?>(Problems.Forbidden($"This needs the role {Entities.Users.Roles.Admin}."));
}
