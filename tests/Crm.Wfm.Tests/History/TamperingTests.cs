using Crm.Wfm.Tests.Moves;

namespace Crm.Wfm.Tests.History;

/// <summary>What somebody with all rights changes behind the engine's back is found.</summary>
public sealed class TamperingTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    public async Task Untouched_history_holds()
    {
        var project = await desk.ProjectAsync(moves: ["begin", "rest", "submit"]);
        await using var scope = desk.Scope();
        var report = await scope.Verifier.VerifyAsync(default);
        report.Broken.ShouldNotContain(b => b.Project == project);
        report.Projects.ShouldBePositive();
        report.Rows.ShouldBeGreaterThanOrEqualTo(report.Projects);
        (await BrokenLinkAsync(project)).ShouldBeNull();
    }

    [Theory]
    [InlineData(2, "update wfm.history set body = replace(body, 'todo', 'done') where project_id = $1 and version = 2")]
    [InlineData(2, "update wfm.history set body = body || ' ' where project_id = $1 and version = 2")]
    [InlineData(2, "update wfm.history set body = 'no json' where project_id = $1 and version = 2")]
    [InlineData(2, "update wfm.history set body = 'no json', hash = sha256(prev || convert_to('no json', 'UTF8')) where project_id = $1 and version = 2")]
    [InlineData(2, "update wfm.history set body = '{}', hash = sha256(prev || convert_to('{}', 'UTF8')) where project_id = $1 and version = 2")]
    [InlineData(2, "update wfm.history set hash = sha256('x') where project_id = $1 and version = 2")]
    [InlineData(2, "update wfm.history set prev = sha256('x') where project_id = $1 and version = 2")]
    [InlineData(2, "update wfm.history set prev = sha256('x'), hash = sha256(sha256('x') || convert_to(body, 'UTF8')) where project_id = $1 and version = 2")]
    [InlineData(2, "update wfm.history set to_step = 'done' where project_id = $1 and version = 2")]
    [InlineData(2, "update wfm.history set from_step = null where project_id = $1 and version = 2")]
    [InlineData(2, "update wfm.history set transition = 'rest' where project_id = $1 and version = 2")]
    [InlineData(2, "update wfm.history set actor_id = gen_random_uuid() where project_id = $1 and version = 2")]
    [InlineData(2, "update wfm.history set at = at + interval '1 microsecond' where project_id = $1 and version = 2")]
    [InlineData(4, "update wfm.history set hash = sha256('x') where project_id = $1 and version = 4")]
    [InlineData(1, "update wfm.history set prev = sha256('x'), hash = sha256(sha256('x') || convert_to(body, 'UTF8')) where project_id = $1 and version = 1")]
    [InlineData(4, "delete from wfm.history where project_id = $1 and version = 4")]
    [InlineData(3, "delete from wfm.history where project_id = $1 and version = 2")]
    [InlineData(2, "delete from wfm.history where project_id = $1 and version = 1")]
    [InlineData(4, "delete from wfm.history where project_id = $1")]
    [InlineData(2, "update wfm.history set version = case version when 2 then 3 else 2 end + 100 where project_id = $1 and version in (2, 3); update wfm.history set version = version - 100 where version > 100")]
    [InlineData(4, "update wfm.project set step = 'done' where id = $1")]
    [InlineData(4, "update wfm.project set head = sha256('x') where id = $1")]
    public async Task Both_find_a_change_of_what_is_chained(int version, string tampering)
    {
        var project = await TamperAsync(tampering);
        (await FoundAsync(project)).ShouldBe(version);
        (await BrokenLinkAsync(project)).ShouldBe(version);
    }

    [Theory]
    [InlineData(2, "update wfm.history set private = jsonb_set(private, '{facts,entity,points}', '99') where project_id = $1 and version = 2")]
    [InlineData(2, "update wfm.history set private = '{}' where project_id = $1 and version = 2")]
    [InlineData(2, "update wfm.history set salt = sha256('x') where project_id = $1 and version = 2")]
    [InlineData(2, "update wfm.history set salt = null where project_id = $1 and version = 2")]
    [InlineData(2, "update wfm.history set body = replace(body, '{', '{ '), hash = sha256(prev || convert_to(replace(body, '{', '{ '), 'UTF8')) where project_id = $1 and version = 2")]
    [InlineData(4, "update wfm.project set entered_at = entered_at - interval '1 day' where id = $1")]
    [InlineData(4, "update wfm.project set completed_at = entered_at where id = $1")]
    [InlineData(2, "update wfm.history set workflow_version_id = (select id from wfm.workflow_version where workflow_key = 'board') where project_id = $1 and version = 2")]
    public async Task The_verifier_finds_what_only_it_can(int version, string tampering)
    {
        await desk.PublishAsync(Board.Bundle());
        (await FoundAsync(await TamperAsync(tampering))).ShouldBe(version);
    }

    [Fact]
    public async Task A_chain_that_was_computed_anew_is_found_by_the_projects_head()
    {
        var project = await TamperAsync("""
            update wfm.history set body = replace(body, 'review', 'doing'), to_step = 'doing', hash = sha256(prev || convert_to(replace(body, 'review', 'doing'), 'UTF8'))
            where project_id = $1 and version = 4
            """);
        (await FoundAsync(project)).ShouldBe(4);
        (await BrokenLinkAsync(project)).ShouldBe(4);
    }

    private async Task<Guid> TamperAsync(string tampering)
    {
        var project = await desk.ProjectAsync(moves: ["begin", "rest", "submit"]);
        await using var other = await OtherSession.BeginAsync(desk);
        foreach (var statement in tampering.Split(';')) await other.RunAsync(statement, statement.Contains("$1", StringComparison.Ordinal) ? [project] : []);
        await other.CommitAsync();
        return project;
    }

    private async Task<int?> FoundAsync(Guid project)
    {
        await using var scope = desk.Scope();
        return (await scope.Verifier.VerifyAsync(default)).Broken.SingleOrDefault(b => b.Project == project)?.Version;
    }

    private Task<int?> BrokenLinkAsync(Guid project) => desk.AskAsApplicationAsync<int?>(Workspace.Default, "select wfm.broken_link($1)", project);
}
