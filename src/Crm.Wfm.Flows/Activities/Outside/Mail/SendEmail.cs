using Crm.Wfm.Rules;
using MimeKit;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Sends a mail, with a plain text beside HTML where that is given.</summary>
[FlowActivity("Wfm.SendEmail", "Email", "Sends a mail.", Title = "Send email")]
internal sealed class SendEmail(MailSender sender) : MailInputs, IOutsideActivity, ICheckedActivity, IConfiguredActivity
{
    [FlowInput("The text for those who read no HTML.", Hint = "multiline")]
    public string? Text { get; init; }

    [FlowInput("Whom an answer goes to.")]
    public string? ReplyTo { get; init; }

    public string? Missing => sender.Missing;

    public static void Check(ActivityCheck drawn) => CheckMail(drawn);

    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        MessageId = await sender.SendAsync(this, Text, ReplyTo, flow, ct);
        return ActivityResult.Done;
    }
}

/// <summary>The same as Elsa names it.</summary>
[FlowActivity("Elsa.SendEmail", "Email", "Sends a mail.", Title = "Send email", IsBrowsable = false)]
internal sealed class ElsaSendEmail(MailSender sender) : MailInputs, IOutsideActivity, ICheckedActivity, IConfiguredActivity
{
    public string? Missing => sender.Missing;

    public static void Check(ActivityCheck drawn) => CheckMail(drawn);

    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        MessageId = await sender.SendAsync(this, text: null, replyTo: null, flow, ct);
        return ActivityResult.Done;
    }
}

/// <summary>What a mail is made of.</summary>
internal abstract class MailInputs
{
    [FlowInput("Who it is from; as the host is configured where it is not given.")]
    public string? From { get; init; }

    [FlowInput("Whom it is for: an address, or several.", Hint = "multi-text")]
    public required Value To { get; init; }

    [FlowInput("Who else is to see it.", Hint = "multi-text")]
    public Value Cc { get; init; }

    [FlowInput("Who else is to see it without being named.", Hint = "multi-text")]
    public Value Bcc { get; init; }

    [FlowInput("The subject.")]
    public string? Subject { get; init; }

    [FlowInput("What it says, HTML.", Hint = "multiline")]
    public string? Body { get; init; }

    [FlowOutput("The id it was sent with: the same at every try.")]
    public string? MessageId { get; protected set; }

    /// <summary>Reads addresses: a text, or a list of them.</summary>
    public static IReadOnlyList<MailboxAddress> Addresses(string input, Value given)
    {
        var addresses = new List<MailboxAddress>();
        if (given.IsNull) return addresses;
        foreach (var address in Definitions.TypeNames.Convert(given, "Object[]") is { } list ? list.AsList : [given])
            addresses.Add(Address(address.AsText) ?? throw new FlowException($"{input}: '{address.AsText ?? address.ToString()}' is no mail address") { IsFinal = true });
        return addresses;
    }

    public static MailboxAddress? Address(string? text) => MailboxAddress.TryParse(text, out var address) && address.Address.Contains('@', StringComparison.Ordinal) ? address : null;

    protected static void CheckMail(ActivityCheck drawn)
    {
        foreach (var input in new[] { "from", "to", "cc", "bcc", "replyTo" })
        {
            try
            {
                Addresses(input, drawn.Known(input));
            }
            catch (FlowException e)
            {
                drawn.Fault(input, "value", e.Message);
            }
        }
    }
}
