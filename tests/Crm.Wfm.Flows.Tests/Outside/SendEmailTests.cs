using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Flows.Activities;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using SmtpServer;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Crm.Wfm.Flows.Tests.Outside;

/// <summary>A host with a real mail server on 127.0.0.1.</summary>
public sealed class MailDesk : OutsideDesk
{
    private readonly CancellationTokenSource _stop = new();
    private Task? _serving;

    public MailBox Box { get; } = new();

    public int Port { get; } = FreePort();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var provider = new SmtpServer.ComponentModel.ServiceProvider();
        provider.Add(Box);
        var options = new SmtpServerOptionsBuilder().ServerName("localhost").Endpoint(e => e.Endpoint(new IPEndPoint(IPAddress.Loopback, Port)).IsSecure(false)).Build();
        _serving = new SmtpServer.SmtpServer(options, provider).StartAsync(_stop.Token);
    }

    public override async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving!;
        _stop.Dispose();
        await base.DisposeAsync();
    }

    protected override void Register(IServiceCollection services)
    {
        base.Register(services);
        services.Configure<MailOptions>(o => (o.Host, o.Port, o.Tls, o.From) = ("127.0.0.1", Port, MailTls.None, "Crm <crm@shop.example>"));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Keeps what arrives, and answers as a test wants.</summary>
public sealed class MailBox : MessageStore
{
    public ConcurrentQueue<(MimeMessage Message, IReadOnlyList<string> Recipients)> Mails { get; } = [];

    public Func<int, SmtpResponse> Answer { get; set; } = _ => SmtpResponse.Ok;

    public override async Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(buffer.ToArray());
        Mails.Enqueue((await MimeMessage.LoadAsync(stream, cancellationToken), [.. transaction.To.Select(t => $"{t.User}@{t.Host}")]));
        return Answer(Mails.Count);
    }
}

public sealed class SendEmailTests(MailDesk desk) : IClassFixture<MailDesk>
{
    [Theory]
    [InlineData("Wfm.SendEmail")]
    [InlineData("Elsa.SendEmail")]
    public async Task A_mail_arrives_as_the_flow_says(string type)
    {
        Reset(_ => SmtpResponse.Ok);
        var workspace = await desk.RunAsync(Chart.Line(OutsideDesk.Type, Mail(type, ("to", Chart.Input("Object", """["ann@shop.example", "Bob <bob@shop.example>"]""")), ("cc", Chart.Literal("cy@shop.example")),
            ("bcc", Chart.Literal("di@shop.example")), ("subject", Chart.Template("Paid: {{event.data.total}} €")), ("body", Chart.Literal("<b>Thanks</b>")))), """{"total": 9}""");

        (await desk.RunsAsync(workspace)).ShouldBe(["outside finished"]);
        var (mail, recipients) = desk.Box.Mails.Single();
        mail.From.ToString().ShouldBe("\"Crm\" <crm@shop.example>");
        mail.To.Mailboxes.Select(m => m.Address).ShouldBe(["ann@shop.example", "bob@shop.example"]);
        mail.Subject.ShouldBe("Paid: 9 €");
        mail.HtmlBody!.Trim().ShouldBe("<b>Thanks</b>");
        recipients.Order().ShouldBe(["ann@shop.example", "bob@shop.example", "cy@shop.example", "di@shop.example"]);
        mail.Bcc.Count.ShouldBe(0, "nobody sees them");
        (await desk.OutputsAsync(workspace, "mail"))["messageId"].AsText.ShouldBe(mail.MessageId);
    }

    [Fact]
    public async Task A_mail_that_is_sent_twice_has_one_id()
    {
        Reset(n => n == 1 ? new SmtpResponse(SmtpReplyCode.InsufficientStorage, "full") : SmtpResponse.Ok);
        var workspace = await desk.RunAsync(Chart.Line(OutsideDesk.Type, Mail("Wfm.SendEmail", ("to", Chart.Literal("ann@shop.example")))), tries: 1);
        (await desk.RunsAsync(workspace)).ShouldBe(["outside suspended"]);
        desk.Clock.Now += TimeSpan.FromMinutes(1);
        await desk.RunAsync();

        (await desk.RunsAsync(workspace)).ShouldBe(["outside finished"]);
        var ids = desk.Box.Mails.Select(m => m.Message.MessageId).ToList();
        ids.Count.ShouldBe(2);
        ids.Distinct().Single().ShouldEndWith("@shop.example");
    }

    [Fact]
    public async Task A_mail_the_server_refuses_for_good_is_not_tried_again()
    {
        Reset(_ => new SmtpResponse(SmtpReplyCode.MailboxNameNotAllowed, "no such mailbox"));
        var workspace = await desk.RunAsync(Chart.Line(OutsideDesk.Type, Mail("Wfm.SendEmail", ("to", Chart.Literal("ann@shop.example")))), tries: 3);

        (await desk.RunsAsync(workspace)).ShouldBe(["outside faulted"]);
        (await desk.ErrorAsync(workspace)).ShouldContain("no such mailbox");
        desk.Box.Mails.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_subject_cannot_smuggle_headers_in()
    {
        Reset(_ => SmtpResponse.Ok);
        await desk.RunAsync(Chart.Line(OutsideDesk.Type, Mail("Wfm.SendEmail", ("to", Chart.Literal("ann@shop.example")), ("subject", Chart.Template("{{event.data.name}}")))), """{"name": "Hi\r\nBcc: eve@shop.example"}""");
        var (mail, recipients) = desk.Box.Mails.Single();
        recipients.ShouldBe(["ann@shop.example"]);
        mail.Headers.Contains("Bcc").ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_no_address_is_refused_when_it_is_published()
    {
        var workspace = await desk.WorkspaceAsync();
        var result = await desk.PublishAsync(workspace, ("mail", FlowDesk.On(OutsideDesk.Type, Chart.Line(OutsideDesk.Type, Mail("Wfm.SendEmail", ("to", Chart.Literal("nobody")))))));
        result.ShouldBeOfType<PublishResult.Faulty>().Faults.Select(f => $"{f.Pointer} {f.Key}").ShouldBe(["/automations/mail/flow/root/activities/1/to value"]);
    }

    private void Reset(Func<int, SmtpResponse> answer)
    {
        desk.Box.Mails.Clear();
        desk.Box.Answer = answer;
    }

    private static JsonObject Mail(string type, params (string Name, JsonNode? Value)[] members) => Chart.Activity("mail", type, members);
}
