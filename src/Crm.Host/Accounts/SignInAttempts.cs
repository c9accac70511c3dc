using Crm.Host.Database;
using Microsoft.Extensions.Options;

namespace Crm.Host.Accounts;

/// <summary>Slows down whoever guesses a password: counted by e-mail address, in the database, outside of the request's own transaction, which a refusal undoes.</summary>
internal sealed class SignInAttempts(CrmDatabase database, IOptions<SignInOptions> options, TimeProvider time)
{
    /// <summary>Counts an attempt.</summary>
    /// <returns>How long to wait before the next; <c>null</c> when this one may go on.</returns>
    public async Task<TimeSpan?> CountAsync(string email, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var command = database.Source.CreateCommand("select crm.count_sign_in_attempt($1, $2, $3, $4, $5)");
        foreach (var value in new object[] { email, now, options.Value.FreeAttempts, options.Value.FirstWait, options.Value.LongestWait }) command.Parameters.Add(new() { Value = value });
        return await command.ExecuteScalarAsync(ct) is DateTime until ? until - now.UtcDateTime : null;
    }

    /// <summary>Starts counting anew for somebody who knew the password.</summary>
    public async Task ForgetAsync(string email, CancellationToken ct)
    {
        await using var command = database.Source.CreateCommand("select crm.forget_sign_in_attempts($1, $2)");
        command.Parameters.Add(new() { Value = email });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await command.ExecuteNonQueryAsync(ct);
    }
}
