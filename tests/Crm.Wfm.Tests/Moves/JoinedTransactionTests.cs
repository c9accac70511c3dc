using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Records;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Tests.Moves;

/// <summary>Moves inside a transaction of the caller's own.</summary>
public sealed class JoinedTransactionTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    public async Task The_callers_commit_commits_the_move()
    {
        var project = await desk.ProjectAsync();
        await using var scope = desk.Scope();
        await using (var transaction = await scope.Db.Database.BeginTransactionAsync())
        {
            (await scope.Engine.MoveAsync(new(project, "begin", Desk.Ann), default)).ShouldBeOfType<MoveResult.Moved>();
            (await StepAsync(project)).ShouldBe("todo");
            await transaction.CommitAsync();
        }

        (await StepAsync(project)).ShouldBe("doing");
    }

    [Fact]
    public async Task The_callers_rollback_undoes_record_start_and_move()
    {
        var before = await desk.EverythingAsync();
        await using (var scope = desk.Scope())
        {
            await using var transaction = await scope.Db.Database.BeginWorkspaceAsync(Workspace.Default);
            var record = (await scope.Records.CreateAsync(new("task", "A", Desk.Ann), default)).ShouldBeOfType<RecordResult.Saved>().Record;
            var started = (await scope.Engine.StartAsync(new(new SubjectRef("task", record.Id), Desk.Ann), default)).ShouldBeOfType<MoveResult.Moved>();
            (await scope.Engine.MoveAsync(new(started.Project, "begin", Desk.Ann), default)).ShouldBeOfType<MoveResult.Moved>();
            (await scope.Records.UpdateAsync(new(record.Id, 1, Desk.Ann) { Name = "B" }, default)).ShouldBeOfType<RecordResult.Saved>();
        }

        (await desk.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Whatever_is_answered_the_callers_transaction_goes_on()
    {
        var record = await desk.RecordAsync("{}");
        var project = await desk.ProjectAsync(record, "begin");
        await using var scope = desk.Scope();
        await using (var transaction = await scope.Db.Database.BeginWorkspaceAsync(Workspace.Default))
        {
            await RenameAsync("before");
            (await scope.Engine.MoveAsync(new(project, "submit", Desk.Ann), default)).ShouldBeOfType<MoveResult.Refused>();
            (await scope.Engine.MoveAsync(new(project, "rest", Desk.Ann) { ExpectedVersion = 9 }, default)).ShouldBeOfType<MoveResult.Conflict>();
            (await scope.Engine.MoveAsync(new(project, "rest", Desk.Ann) { IdempotencyKey = "" }, default)).ShouldBeOfType<MoveResult.Invalid>();
            (await scope.Engine.MoveAsync(new(Guid.CreateVersion7(desk.Clock.Now), "rest", Desk.Ann), default)).ShouldBeOfType<MoveResult.NotFound>();
            (await scope.Engine.StartAsync(new(record, Desk.Ann), default)).ShouldBeOfType<MoveResult.Conflict>();
            (await scope.Engine.StartAsync(new(new SubjectRef("task", "none"), Desk.Ann), default)).ShouldBeOfType<MoveResult.NotFound>();
            (await scope.Engine.StartAsync(new(await desk.RecordAsync(), Desk.Ann) { Project = project }, default)).ShouldBeOfType<MoveResult.Conflict>();
            (await scope.Engine.OffersAsync(project, Desk.Ann, default)).ShouldNotBeNull();
            await scope.Db.Database.ExecuteSqlAsync($"update wfm.record set name = name || ' and after' where id = {Guid.Parse(record.Id)}");
            await transaction.CommitAsync();
        }

        (await desk.AskAsync<string>("select name from wfm.record where id = $1", Guid.Parse(record.Id))).ShouldBe("before and after");
        (await StepAsync(project)).ShouldBe("doing");

        Task RenameAsync(string name) => scope.Db.Database.ExecuteSqlAsync($"update wfm.record set name = {name} where id = {Guid.Parse(record.Id)}");
    }

    [Fact]
    public async Task A_project_that_was_undone_leaves_no_memory_of_its_subject()
    {
        var project = Guid.CreateVersion7(desk.Clock.Now);
        var (poor, rich) = (await desk.RecordAsync("{}"), await desk.RecordAsync());
        await using (var scope = desk.Scope())
        {
            await using var transaction = await scope.Db.Database.BeginTransactionAsync();
            (await scope.Engine.StartAsync(new(poor, Desk.Ann) { Project = project }, default)).ShouldBeOfType<MoveResult.Moved>();
            (await scope.Engine.MoveAsync(new(project, "begin", Desk.Ann), default)).ShouldBeOfType<MoveResult.Moved>();
        }

        (await desk.StartAsync(new(rich, Desk.Ann) { Project = project })).ShouldBeOfType<MoveResult.Moved>();
        (await desk.MoveAsync(new(project, "begin", Desk.Ann))).ShouldBeOfType<MoveResult.Moved>();
        (await desk.MoveAsync(new(project, "submit", Desk.Ann))).ShouldBeOfType<MoveResult.Moved>();
    }

    [Fact]
    public async Task Several_moves_join_one_transaction()
    {
        var project = await desk.ProjectAsync();
        await using var scope = desk.Scope();
        await using var transaction = await scope.Db.Database.BeginTransactionAsync();
        foreach (var transition in (string[])["begin", "rest", "submit"]) (await scope.Engine.MoveAsync(new(project, transition, Desk.Ann), default)).ShouldBeOfType<MoveResult.Moved>();
        await transaction.CommitAsync();
        (await StepAsync(project)).ShouldBe("review");
    }

    private Task<string> StepAsync(Guid project) => desk.AskAsync<string>("select step from wfm.project where id = $1", project);
}
