using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Sends flows' mail by SMTP.</summary>
internal sealed class MailSender(IOptions<MailOptions> options)
{
    private readonly MailOptions _options = options.Value;

    /// <summary>Gets what the host lacks to send mail.</summary>
    public string? Missing => _options.Host is null ? "this host sends no mail: it has no mail server (Wfm:Flows:Mail:Host)" : null;

    /// <summary>Sends a mail.</summary>
    /// <returns>Its Message-Id.</returns>
    public async Task<string> SendAsync(MailInputs mail, string? text, string? replyTo, FlowContext flow, CancellationToken ct)
    {
        if (Missing is { } missing) throw new FlowException(missing) { IsFinal = true };
        using var message = Message(mail, text, replyTo, flow);
        using var client = new SmtpClient();
        try
        {
            await client.ConnectAsync(_options.Host!, _options.Port, Security, ct);
            if (_options.UserName is { } user) await client.AuthenticateAsync(user, _options.Password ?? "", ct);
            await client.SendAsync(message, ct);
        }
        catch (Exception e) when (e is CommandException or ProtocolException or SocketException or IOException or AuthenticationException or SslHandshakeException)
        {
            // What the server refuses for good (5xx) it refuses at every try.
            throw new FlowException($"the mail server {_options.Host}: {e.Message}") { IsFinal = e is SmtpCommandException { StatusCode: >= SmtpStatusCode.SyntaxError } };
        }

        await FarewellAsync(client, ct);
        return message.MessageId!;
    }

    private SecureSocketOptions Security => _options.Tls switch { MailTls.StartTls => SecureSocketOptions.StartTls, MailTls.Implicit => SecureSocketOptions.SslOnConnect, _ => SecureSocketOptions.None };

    // The mail is accepted by now, whatever becomes of the connection.
    private static async Task FarewellAsync(SmtpClient client, CancellationToken ct)
    {
        try
        {
            await client.DisconnectAsync(quit: true, ct);
        }
        catch (Exception e) when (e is CommandException or ProtocolException or SocketException or IOException)
        {
            // Nothing is lost with it.
        }
    }

    private MimeMessage Message(MailInputs mail, string? text, string? replyTo, FlowContext flow)
    {
        var from = MailInputs.Address(mail.From ?? _options.From) ?? throw new FlowException("nobody is said whom the mail is from: neither the flow (from) nor the host (Wfm:Flows:Mail:From) says") { IsFinal = true };
        var message = new MimeMessage { Subject = mail.Subject ?? "", Date = flow.Now, MessageId = $"{flow.IdempotencyKey}@{from.Domain}" };
        message.From.Add(from);
        message.To.AddRange(MailInputs.Addresses("to", mail.To));
        message.Cc.AddRange(MailInputs.Addresses("cc", mail.Cc));
        message.Bcc.AddRange(MailInputs.Addresses("bcc", mail.Bcc));
        if (replyTo is not null) message.ReplyTo.AddRange(MailInputs.Addresses("replyTo", Rules.Value.From(replyTo)));
        var recipients = message.To.Count + message.Cc.Count + message.Bcc.Count;
        if (recipients == 0) throw new FlowException("the mail is for nobody") { IsFinal = true };
        if (recipients > _options.MaxRecipients) throw new FlowException($"the mail is for {recipients} people, more than {_options.MaxRecipients} (Wfm:Flows:Mail:MaxRecipients)") { IsFinal = true };
        message.Body = new BodyBuilder { HtmlBody = mail.Body, TextBody = text }.ToMessageBody();
        return message;
    }
}
