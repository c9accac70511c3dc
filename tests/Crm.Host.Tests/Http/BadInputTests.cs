using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Crm.Host.Tests.Http;

/// <summary>What strangers and slips send: a problem that names the place, nothing stored, a host that goes on.</summary>
public sealed class BadInputTests(CrmHost host) : IClassFixture<CrmHost>
{
    /// <summary>Where, what, status, fault. <c>{0}</c> is a member the body may have: <c>fields</c>, <c>input</c>.</summary>
    public static TheoryData<string, string, int, string> Bodies
    {
        get
        {
            var data = new TheoryData<string, string, int, string>();
            foreach (var (path, start, free) in new[]
            {
                ("records", "\"type\": \"opportunity\", \"name\": \"Acme\"", "fields"),
                ("projects", "\"subject\": { \"type\": \"opportunity\", \"id\": \"{record}\" }", "fields"),
                ("projects/{project}/moves", "\"transition\": \"contact\", \"version\": 1", "input"),
                ("bundles", "\"kind\": \"ProcessBundle\"", "layout"),
            })
            {
                var faulty = path == "bundles" ? 422 : 400;
                data.Add(path, "", faulty, " malformed-json");
                data.Add(path, "{ " + start + ", ", faulty, " malformed-json");
                data.Add(path, "[]", faulty, " type");
                data.Add(path, "null", faulty, " type");
                data.Add(path, "{ " + start + ", \"" + free + "\": { \"a\": " + new string('[', 64) + new string(']', 64) + " } }", faulty, $"/{free}/a/0/0 too-deep");
                data.Add(path, "{ " + start + ", \"" + free + "\": { \"a\": 1, \"a\": 2 } }", faulty, $"/{free}/a duplicate-key");
                data.Add(path, "{ " + start + ", \"" + free + "\": { \"a\": \"\\u0000\" } }", faulty, $"/{free}/a nul-character");
                data.Add(path, "{ " + start + ", \"" + free + "\": { \"a\": \"\\ud83d\" } }", faulty, $"/{free}/a lone-surrogate");
                data.Add(path, "{ " + start + ", \"" + free + "\": { \"a\": 1e400000 } }", faulty, $"/{free}/a number-range");
                data.Add(path, "{ " + start + ", \"" + free + "\": 7 }", faulty, $"/{free} ");
                data.Add(path, "{ " + start + ", \"surprise\": 1 }", faulty, "/surprise additional-property");
                data.Add(path, "{}", faulty, " required");
            }

            data.Add("records", """{ "type": 7, "name": "Acme" }""", 400, "/type ");
            data.Add("records", """{ "type": "opportunity", "name": null }""", 400, "/name ");
            data.Add("records", """{ "type": "opportunity", "name": "" }""", 400, "/name ");
            data.Add("records", """{ "type": "opportunity", "name": "Acme", "ownerId": "nobody" }""", 400, "/ownerId ");
            data.Add("records", """{ "type": "spaceship", "name": "Acme" }""", 400, "/type unknown-type");
            data.Add("records", """{ "type": "opportunity", "name": "Acme", "fields": { "amount": "many" } }""", 400, "/fields/amount type");
            data.Add("records", """{ "type": "opportunity", "name": "Acme", "fields": { "id": "x" } }""", 400, "/fields/id read-only");
            data.Add("projects", """{ "subject": { "type": "opportunity" } }""", 400, "/subject/id required");
            data.Add("projects", """{ "subject": { "type": "opportunity", "id": "{record}", "extra": 1 } }""", 400, "/subject/extra additional-property");
            data.Add("projects", """{ "subject": { "type": "opportunity", "id": 7 } }""", 400, "/subject/id ");
            data.Add("projects/{project}/moves", """{ "transition": "contact", "version": "1" }""", 400, "/version ");
            data.Add("projects/{project}/moves", """{ "transition": "contact", "version": 1.5 }""", 400, "/version ");
            data.Add("projects/{project}/moves", """{ "transition": "contact", "version": -1 }""", 400, "/version ");
            data.Add("projects/{project}/moves", """{ "transition": "", "version": 1 }""", 400, "/transition ");
            data.Add("projects/{project}/moves", """{ "transition": "contact", "version": 1, "reason": "\ud83d" }""", 400, "/reason lone-surrogate");
            data.Add("projects/{project}/moves", """{ "transition": "contact", "version": 1, "changes": { "amount": "many" } }""", 400, "/changes/amount type");
            data.Add("projects/{project}/moves", """{ "transition": "contact", "version": 1, "changes": { "colour": "red" } }""", 400, "/changes/colour unknown-field");
            data.Add("projects/{project}/moves", """{ "transition": "contact", "version": 1, "changes": { "lostReason": "price" } }""", 400, "/changes/lostReason read-only");
            data.Add("bundles", Bundles.Small("bad", transitions: """ "finish": { "from": ["opne"], "to": "done" } """), 422, "/workflows/bad/transitions/finish/from/0 ");
            data.Add("bundles", Bundles.Small("bad", open: "\"initial\": true }, { \"status\": \"done\", \"key\": \"second\", \"initial\": true"), 422, "/workflows/bad/steps ");
            data.Add("bundles", Bundles.Small("bad", transitions: ""), 422, "/workflows/bad ");
            data.Add("bundles", Bundles.Small("bad", schema: "\"type\": \"object\", \"if\": {}"), 422, "/subjects/bad/schema/if ");
            return data;
        }
    }

    public static TheoryData<string> Paths => ["records", "projects", "projects/{project}/moves", "bundles"];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Faulty_body_is_a_problem_that_names_the_place_and_stores_nothing(string path, string body, int status, string fault)
    {
        var (record, project) = await GivenAsync();
        var before = await host.RowsAsync();

        var answer = await host.Admin.PostAsync(Url(path, project), body.Replace("{record}", record));

        answer.ShouldBeProblem((HttpStatusCode)status, "invalid");
        var (pointer, key) = (fault.Split(' ')[0], fault.Split(' ')[1]);
        answer.Faults.ShouldContain(f => f.StartsWith(pointer) && f.EndsWith(key), answer.Text);
        (await host.RowsAsync()).ShouldBe(before);
        await ShouldBeAliveAsync();
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task More_than_5_MB_is_refused_with_a_length_and_without(string path)
    {
        var (_, project) = await GivenAsync();
        var before = await host.RowsAsync();
        var body = Encoding.UTF8.GetBytes("{ \"name\": \"" + new string('x', 5 * 1024 * 1024) + "\" }");
        foreach (var chunked in new[] { false, true })
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
            var answer = await host.Admin.SendAsync(HttpMethod.Post, Url(path, project), content, chunked ? [("Transfer-Encoding", "chunked")] : []);
            answer.ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "invalid").Faults.ShouldBe([" too-large"]);
        }

        (await host.RowsAsync()).ShouldBe(before);
        await ShouldBeAliveAsync();
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Another_content_type_is_415(string path)
    {
        var (_, project) = await GivenAsync();
        using var content = new StringContent("{}", Encoding.UTF8, MediaTypeHeaderValue.Parse("text/plain"));

        (await host.Admin.SendAsync(HttpMethod.Post, Url(path, project), content)).ShouldBeProblem(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task No_content_type_is_415(string path)
    {
        var (_, project) = await GivenAsync();
        using var content = new ByteArrayContent("{}"u8.ToArray());

        (await host.Admin.SendAsync(HttpMethod.Post, Url(path, project), content)).ShouldBeProblem(HttpStatusCode.UnsupportedMediaType, "invalid").Faults.ShouldBe([" content-type"]);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Bytes_that_are_no_UTF8_are_named(string path)
    {
        var (_, project) = await GivenAsync();
        using var content = new ByteArrayContent([(byte)'{', 0xFF, (byte)'}']) { Headers = { ContentType = new("application/json") } };

        var answer = await host.Admin.SendAsync(HttpMethod.Post, Url(path, project), content);

        answer.ShouldBeProblem(path == "bundles" ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([" invalid-utf8"]);
    }

    [Theory]
    [InlineData("/api/v1/projects?limit=0")]
    [InlineData("/api/v1/projects?limit=201")]
    [InlineData("/api/v1/records?limit=-1")]
    [InlineData("/api/v1/events?limit=1000")]
    public async Task Limit_out_of_bounds_is_a_fault(string path) =>
        (await host.Admin.GetAsync(path)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["?limit limit"]);

    [Theory]
    [InlineData("projects?limit=many", "?limit parameter", "limit is a whole number, not 'many'.")]
    [InlineData("projects?after=yesterday", "?after parameter", "after is a UUID, not 'yesterday'.")]
    [InlineData("events?before=now", "?before parameter", "whole number")]
    [InlineData("users?limit=", "?limit parameter", "not ''")]
    [InlineData("records?limit=1&limit=2", "?limit parameter", "is there twice")]
    [InlineData("records?typ=ticket", "?typ unknown-parameter", "typ is not known here; these are: type, name, ownerId, step, after, limit.")]
    [InlineData("projects/{project}?expand=all", "?expand unknown-parameter", "nothing can be asked")]
    [InlineData("views?owner=me", "?owner unknown-parameter", "recordType")]
    public async Task Query_that_is_unknown_or_of_the_wrong_type_is_a_fault(string path, string fault, string message)
    {
        var answer = (await host.Admin.GetAsync(Url(path, await host.Admin.ProjectAsync()))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");

        answer.Faults.ShouldBe([fault]);
        answer["detail"].GetValue<string>().ShouldContain(message);
    }

    [Fact]
    public async Task Misspelt_parameter_of_a_command_is_a_fault_and_nothing_is_done()
    {
        var before = await host.RowsAsync();

        (await host.Admin.PostAsync("/api/v1/bundles?dryrn=true", Bundles.Small("typo"))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["?dryrn unknown-parameter"]);
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("/api/v1/projects/seven")]
    [InlineData("/api/v1/projects/seven/transitions")]
    [InlineData("/api/v1/records/7")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/elsewhere")]
    public async Task Path_that_leads_nowhere_is_a_404_problem(string path) => (await host.Admin.GetAsync(path)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");

    [Fact]
    public async Task Method_a_path_does_not_know_is_a_405_problem() =>
        (await host.Admin.SendAsync(HttpMethod.Delete, "/api/v1/projects", null)).ShouldBeProblem(HttpStatusCode.MethodNotAllowed, "method-not-allowed");

    private static string Url(string path, string project) => "/api/v1/" + path.Replace("{project}", project);

    private async Task<(string Record, string Project)> GivenAsync() => (await host.Admin.RecordAsync(), await host.Admin.ProjectAsync());

    private async Task ShouldBeAliveAsync() => (await host.Admin.GetAsync("/health/ready")).Status.ShouldBe(HttpStatusCode.OK);
}
