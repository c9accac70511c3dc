using System.ComponentModel.DataAnnotations;

namespace Crm.Host.Accounts;

/// <summary>How people sign in, section <c>Crm:SignIn</c>.</summary>
internal sealed class SignInOptions
{
    /// <summary>Gets or sets how long an access token is good before it has to be refreshed.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan AccessToken { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets how long a session lasts after its sign-in or last refresh; a cookie's after its sign-in.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "365.00:00:00")]
    public TimeSpan Session { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Gets or sets how many sign-ins, refreshes and accepted invitations one address of the network may try in a minute, on each host.</summary>
    [Range(1, 1_000_000)]
    public int PerMinute { get; set; } = 30;

    /// <summary>Gets or sets how many attempts in a row an e-mail address has before it has to wait between them.</summary>
    [Range(1, 100)]
    public int FreeAttempts { get; set; } = 10;

    /// <summary>Gets or sets the first wait; each further attempt doubles it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FirstWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the longest wait.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromMinutes(15);
}
