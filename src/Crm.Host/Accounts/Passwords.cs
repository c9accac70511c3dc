using System.Collections.Frozen;
using System.Security.Cryptography;
using Crm.Entities.Accounts;
using Crm.Wfm;
using Microsoft.AspNetCore.Identity;

namespace Crm.Host.Accounts;

/// <summary>Hashes passwords, compares them, and says which are too weak.</summary>
internal sealed class Passwords(IPasswordHasher<Account> hasher)
{
    /// <summary>How many characters a password has at least.</summary>
    public const int Shortest = 12;

    /// <summary>How many it has at most.</summary>
    public const int Longest = 200;

    private readonly string _nobodys = hasher.HashPassword(null!, Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));

    public string Hash(string password) => hasher.HashPassword(null!, password);

    /// <summary>Compares a password with a hash; where there is none, with one that is nobody's, so that both take the same time.</summary>
    public bool Matches(string? hash, string password) =>
        hasher.VerifyHashedPassword(null!, hash ?? _nobodys, password) != PasswordVerificationResult.Failed && hash is not null;

    /// <summary>Finds what is wrong with a new password.</summary>
    public static Fault? Check(string password, string email, string pointer)
    {
        if (password.Length is < Shortest or > Longest) return new(pointer, "password-length", $"A password has {Shortest} to {Longest} characters.");
        var letters = password.ToLowerInvariant();
        if (letters.Distinct().Count() < 4 || password.Equals(email, StringComparison.OrdinalIgnoreCase) || CommonPasswords.All.Contains(letters)) return new(pointer, "password-common", "This password is one of those that are tried first.");
        return null;
    }
}

/// <summary>Passwords of twelve characters and more that lists of leaked ones begin with, in lower case.</summary>
internal static class CommonPasswords
{
    public static FrozenSet<string> All { get; } = """
        123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 0123456789012 012345678910 123123123123 121212121212 112233445566 111222333444
        123456654321 098765432109 987654321098 147258369147 147258369258 159357159357 123qweasdzxc 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i 1qaz2wsx3edc 1qaz2wsx3edc4rfv
        qazwsxedcrfv qazwsxedc123 zaq12wsxcde3 qwertyuiop12 qwertyuiop123 qwertyuiopas qwertyuiopasdfgh qwerty123456 qwerty1234567 qwerty12345678 asdfghjkl123 zxcvbnm12345 abcdefghijkl
        abcdefghijklm abcdefg12345 abcd12345678 abc123456789 a1b2c3d4e5f6 aa1234567890 password1234 password12345 password123456 passwordpassword password123! passw0rd1234 p@ssw0rd1234
        mypassword123 changeme1234 changemeplease letmeinplease letmein12345 welcome12345 welcome123456 administrator administrator1 adminadmin12 admin1234567 admin12345678 iloveyou1234 iloveyou12345
        iloveyouforever ihateyou1234 trustno1trustno1 unbelievable constitution spongebob123 liverpool123 manchester12 footballfootball basketball12 christopher1 alexander123 secretsecret
        superman1234 correcthorsebatterystaple
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
}
