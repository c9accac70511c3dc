using System.ComponentModel.DataAnnotations;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Settings of the mail flows send, section <c>Wfm:Flows:Mail</c> by custom.</summary>
public sealed class MailOptions
{
    /// <summary>Gets or sets the SMTP server; <c>null</c>: flows send no mail.</summary>
    public string? Host { get; set; }

    /// <summary>Gets or sets its port. Default 587.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>Gets or sets how the connection is encrypted. Default <see cref="MailTls.StartTls"/>.</summary>
    public MailTls Tls { get; set; } = MailTls.StartTls;

    /// <summary>Gets or sets the user name; <c>null</c>: nobody signs in.</summary>
    public string? UserName { get; set; }

    /// <summary>Gets or sets the password.</summary>
    public string? Password { get; set; }

    /// <summary>Gets or sets who mails are from whose flow does not say, such as <c>Crm &lt;crm@example.com&gt;</c>.</summary>
    public string? From { get; set; }

    /// <summary>Gets or sets how many recipients a mail may have. Default 100.</summary>
    [Range(1, 10_000)]
    public int MaxRecipients { get; set; } = 100;
}

/// <summary>How a connection to a mail server is encrypted.</summary>
public enum MailTls
{
    /// <summary>By STARTTLS; a server without it is not spoken to.</summary>
    StartTls,

    /// <summary>From the first byte, as on port 465.</summary>
    Implicit,

    /// <summary>Not at all: for a server on the same machine.</summary>
    None,
}
