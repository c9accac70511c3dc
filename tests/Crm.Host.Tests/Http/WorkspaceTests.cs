using System.Net;

namespace Crm.Host.Tests.Http;

/// <summary>Another workspace's things look exactly like things that do not exist.</summary>
public sealed class WorkspaceTests(CrmHost host) : IClassFixture<CrmHost>
{
    public static TheoryData<string, string, string?> Routes => new()
    {
        { "GET", "projects/{project}", null },
        { "GET", "projects/{project}/transitions", null },
        { "GET", "projects/{project}/history", null },
        { "POST", "projects/{project}/moves", """{ "transition": "contact", "version": 1 }""" },
        { "POST", "projects/{project}/moves", """{ "transition": "contact", "version": 7 }""" },
        { "GET", "records/{record}", null },
        { "PATCH", "records/{record}", """{ "name": "Mine", "version": 1 }""" },
        { "POST", "projects", """{ "subject": { "type": "opportunity", "id": "{record}" } }""" },
        { "GET", "bundles/{bundle}/1.0.0", null },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Id_of_another_workspace_is_answered_like_one_that_does_not_exist(string method, string path, string? body)
    {
        var project = await host.Admin.ProjectAsync();
        var record = await host.Admin.RecordAsync();
        await host.Admin.PostAsync("/api/v1/bundles", Bundles.Small("theirs"));
        var before = await host.RowsAsync();

        var theirs = await AskAsync(project, record, "theirs");
        var missing = await AskAsync(Guid.Empty.ToString(), Guid.Empty.ToString(), "nobodys");

        theirs.ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        theirs.WithoutTrace.ShouldBe(missing.WithoutTrace);
        theirs.ETag.ShouldBeNull();
        (await host.RowsAsync()).ShouldBe(before);

        Task<Answer> AskAsync(string p, string r, string b)
        {
            return host.Stranger.SendAsync(new(method), "/api/v1/" + Fill(path), body is null ? null : Api.Json(Fill(body)));

            string Fill(string text) => text.Replace("{project}", p).Replace("{record}", r).Replace("{bundle}", b);
        }
    }

    [Theory]
    [InlineData("/api/v1/projects")]
    [InlineData("/api/v1/records")]
    [InlineData("/api/v1/events")]
    public async Task Lists_hold_nothing_of_another_workspace(string path)
    {
        await host.Admin.ProjectAsync();

        (await host.Admin.GetAsync(path)).Items.ShouldNotBeEmpty();
        (await host.Stranger.GetAsync(path)).Items.ShouldBeEmpty();
    }
}
