using System.Net;

namespace Crm.Host.Tests.Http;

/// <summary><c>Idempotency-Key</c> on every POST: the same answer, one effect.</summary>
public sealed class IdempotencyTests(CrmHost host) : IClassFixture<CrmHost>
{
    public static TheoryData<string> Posts => ["records", "projects", "moves", "bundles"];

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task Repeated_request_gets_the_first_answer_and_has_one_effect(string post)
    {
        var (path, body, _) = await RequestAsync(post);
        var first = await host.Admin.PostAsync(path, body, Key(post));
        var rows = await host.RowsAsync();

        var second = await host.Admin.PostAsync(path, body, Key(post));

        first.Status.ShouldBe(post == "moves" ? HttpStatusCode.OK : HttpStatusCode.Created, first.Text);
        second.ShouldBe(first);
        (await host.RowsAsync()).ShouldBe(rows);
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task Another_body_under_the_same_key_is_refused(string post)
    {
        var (path, body, other) = await RequestAsync(post);
        await host.Admin.PostAsync(path, body, Key(post));
        var rows = await host.RowsAsync();

        (await host.Admin.PostAsync(path, other, Key(post))).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid").Faults.Single().ShouldEndWith(" idempotency-key-reused");

        (await host.RowsAsync()).ShouldBe(rows);
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task Two_at_once_have_one_effect_and_the_same_answer(string post)
    {
        var (path, body, _) = await RequestAsync(post);

        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => host.Admin.PostAsync(path, body, Key(post))));

        answers[0].Status.ShouldBe(post == "moves" ? HttpStatusCode.OK : HttpStatusCode.Created, answers[0].Text);
        answers[1].ShouldBe(answers[0]);
    }

    [Fact]
    public async Task Refusal_is_not_remembered()
    {
        var project = await host.Admin.InDiscoveryAsync();
        var path = $"/api/v1/projects/{project}/moves";
        var record = (await host.Admin.GetAsync($"/api/v1/projects/{project}"))["subjectId"];
        (await host.Admin.PostAsync(path, new { transition = "propose", version = 3 }, Key("refused"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await host.Admin.PatchAsync($"/api/v1/records/{record}", new { version = 1, fields = new { amount = 1, personId = Guid.Empty } });

        (await host.Admin.PostAsync(path, new { transition = "propose", version = 3 }, Key("refused"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Keys_of_two_users_do_not_meet()
    {
        var body = new { type = "opportunity", name = "Acme", fields = new { } };
        var mine = await host.Admin.PostAsync("/api/v1/records", body, Key("shared"));
        var theirs = await host.Rep.PostAsync("/api/v1/records", body, Key("shared"));

        theirs.Status.ShouldBe(HttpStatusCode.Created);
        theirs["id"].GetValue<string>().ShouldNotBe(mine["id"].GetValue<string>());
    }

    [Fact]
    public async Task The_same_words_about_another_record_are_another_request()
    {
        var (mine, other) = (await host.Rep.DealAsync(), await host.Rep.DealAsync());
        var body = new { ownerId = await host.UserAsync(), version = 1 };
        (await host.Rep.PostAsync($"/api/v1/deals/{mine["id"]}/assign", body, Key("assign"))).Status.ShouldBe(HttpStatusCode.OK);

        (await host.Rep.PostAsync($"/api/v1/deals/{other["id"]}/assign", body, Key("assign"))).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid");

        (await host.Admin.PostAsync("/api/v1/bundles?dryRun=true", Bundles.Small($"dry-{_run[..8]}"), Key("dry"))).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Admin.PostAsync("/api/v1/bundles", Bundles.Small($"dry-{_run[..8]}"), Key("dry"))).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid");
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task Overlong_key_is_a_fault(string post)
    {
        var (path, body, _) = await RequestAsync(post);
        (await host.Admin.PostAsync(path, body, ("Idempotency-Key", new string('k', 201)))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.Single().ShouldEndWith(" length");
    }

    private readonly string _run = Path.GetRandomFileName();

    private (string, string) Key(string name) => ("Idempotency-Key", $"{_run} {name}");

    private async Task<(string Path, object Body, object Other)> RequestAsync(string post)
    {
        switch (post)
        {
            case "records": return ("/api/v1/records", new { type = "opportunity", name = "Acme", fields = new { } }, new { type = "opportunity", name = "Other", fields = new { } });
            case "projects":
                var record = await host.Admin.RecordAsync();
                return ("/api/v1/projects", new { subject = new { type = "opportunity", id = record } }, new { subject = new { type = "opportunity", id = await host.Admin.RecordAsync() } });
            case "moves":
                var project = await host.Admin.ProjectAsync();
                return ($"/api/v1/projects/{project}/moves", new { transition = "contact", version = 1 }, new { transition = "lose", version = 1, input = new { lostReason = "price" } });
            default:
                return ("/api/v1/bundles", Bundles.Small($"small-{_run[..8]}"), Bundles.Small($"other-{_run[..8]}"));
        }
    }
}
