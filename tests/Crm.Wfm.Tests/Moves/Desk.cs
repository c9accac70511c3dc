using System.Text;
using System.Text.Json.Nodes;
using Crm.Testing;
using Crm.Wfm.Bundles;
using Crm.Wfm.Events;
using Crm.Wfm.Moves;
using Crm.Wfm.Records;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Wfm.Tests.Moves;

/// <summary>A desk where tasks are worked on: the engine, its process published, and a line each for what tests do all the time.</summary>
public class Desk : WfmDatabase
{
    public static readonly Actor Ann = new(new Guid("00000000-0000-0000-0000-00000000000a"), "clerk");
    public static readonly Actor Bob = new(new Guid("00000000-0000-0000-0000-00000000000b"), "clerk");

    public TestClock Clock { get; } = new();

    /// <summary>What the post-action <c>note</c> does besides: stop a move between its decision and its writing, say.</summary>
    public Func<Task> OnNote { get; set; } = () => Task.CompletedTask;

    /// <summary>How the application reaches the database.</summary>
    protected virtual string Connection => Application;

    /// <summary>
    /// todo → doing → review → done → todo; <c>rest</c>, <c>note</c> and <c>announce</c> stay in doing. Points are asked for by submit, a second pair of eyes by approve.
    /// </summary>
    public static JsonObject Bundle() => JsonNode.Parse("""
        {
          "apiVersion": "wfm/v1", "kind": "ProcessBundle",
          "bundle": {"key": "desk", "version": "1.0.0"},
          "subjects": {"task": {"schema": {"type": "object", "additionalProperties": false, "properties": {
            "points": {"type": "number", "maximum": 100}, "text": {"type": "string"}, "closedAt": {"type": ["string", "null"], "readOnly": true}}}}},
          "projectTypes": {"task": {"workflow": "desk", "subject": "task", "fields": {"type": "object", "additionalProperties": false, "properties": {
            "note": {"type": "string"}, "number": {"type": "number"}}}}},
          "statuses": {"todo": {"category": "open"}, "doing": {"category": "open"}, "review": {"category": "waiting"}, "done": {"category": "done"}},
          "workflows": {"desk": {
            "steps": [{"status": "todo", "initial": true}, {"status": "doing"}, {"status": "review"}, {"status": "done", "final": true}],
            "transitions": {
              "begin": {"from": ["todo"], "to": "doing",
                "conditions": {"has-text": {"rule": {"!!": [{"var": "entity.text"}]}, "message": "A text would help.", "severity": "warning", "fixes": ["/entity/text"]}}},
              "rest": {"from": ["doing"], "to": "doing"},
              "note": {"from": ["doing"], "to": "doing", "postActions": [{"do": "note", "value": {"var": "entity.text"}}]},
              "announce": {"from": ["doing"], "to": "doing", "postActions": [{"do": "emit", "value": {"cat": ["task.", {"var": "entity.text"}]}}]},
              "submit": {"from": ["doing"], "to": "review",
                "conditions": {"has-points": {"rule": {">": [{"var": "entity.points"}, 0]}, "message": "Estimate it first.", "fixes": ["/entity/points"]}}},
              "approve": {"from": ["review"], "to": "done", "notSameActorAs": ["submit"],
                "input": {"type": "object", "properties": {"comment": {"type": "string"}, "number": {"type": "number"}}},
                "postActions": [
                  {"do": "set", "target": "/entity/closedAt", "value": {"var": "now"}},
                  {"do": "set", "target": "/project/note", "value": {"var": "input.comment"}},
                  {"do": "emit", "value": "task.approved"}]},
              "reopen": {"from": ["done"], "to": "todo"}
            }
          }}
        }
        """)!.AsObject();

    public static JsonObject Json(string json) => JsonNode.Parse(json)!.AsObject();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        (await PublishAsync(Bundle())).ShouldBeOfType<PublishResult.Published>();
    }

    public async Task<PublishResult> PublishAsync(JsonObject bundle, Guid? workspace = null, bool dryRun = false, string? despite = null)
    {
        await using var scope = Scope(workspace);
        return await scope.Publisher.PublishAsync(Encoding.UTF8.GetBytes(bundle.ToJsonString()), Actor.System, dryRun, despite, default);
    }

    /// <summary>Makes a record.</summary>
    public async Task<SubjectRef> RecordAsync(string fields = """{"points":3}""", string type = "task", Guid? workspace = null)
    {
        await using var scope = Scope(workspace);
        var saved = (await scope.Records.CreateAsync(new(type, "A task", Ann) { Fields = Json(fields) }, default)).ShouldBeOfType<RecordResult.Saved>();
        return new(type, saved.Record.Id);
    }

    public async Task<MoveResult> StartAsync(StartCommand command, Guid? workspace = null)
    {
        await using var scope = Scope(workspace);
        return await scope.Engine.StartAsync(command, default);
    }

    public async Task<MoveResult> MoveAsync(MoveCommand command, Guid? workspace = null)
    {
        await using var scope = Scope(workspace);
        return await scope.Engine.MoveAsync(command, default);
    }

    /// <summary>Starts a project on a new record and takes it along some transitions, as Ann.</summary>
    public async Task<Guid> ProjectAsync(string fields = """{"points":3}""", params string[] moves) =>
        await ProjectAsync(await RecordAsync(fields), moves);

    public async Task<Guid> ProjectAsync(SubjectRef subject, params string[] moves)
    {
        var project = (await StartAsync(new(subject, Ann))).ShouldBeOfType<MoveResult.Moved>().Project;
        foreach (var transition in moves) (await MoveAsync(new(project, transition, Ann))).ShouldBeOfType<MoveResult.Moved>();
        return project;
    }

    /// <summary>Asks the database itself, by the login that row level security does not bind.</summary>
    public async Task<T> AskAsync<T>(string sql, params object[] parameters)
    {
        await using var connection = await OwnerAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? (T)value : default!;
    }

    public async Task<NpgsqlConnection> OwnerAsync()
    {
        var connection = new NpgsqlConnection(Owner);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Tries SQL by the application's own login, in a workspace or none, and undoes it.</summary>
    /// <returns>The SQLSTATE it fails with; <c>null</c> when it does not.</returns>
    public async Task<string?> TryAsync(Guid? workspace, string sql, params object[] parameters)
    {
        try
        {
            await AskAsApplicationAsync<object>(workspace, sql, parameters);
            return null;
        }
        catch (PostgresException e)
        {
            return e.SqlState;
        }
    }

    /// <summary>Asks by the application's own login, and undoes it.</summary>
    public async Task<T> AskAsApplicationAsync<T>(Guid? workspace, string sql, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(Application);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (workspace is { } w)
        {
            await using var set = new NpgsqlCommand("select set_config('wfm.workspace', $1, true)", connection) { Parameters = { new() { Value = w.ToString() } } };
            await set.ExecuteNonQueryAsync();
        }

        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? (T)value : default!;
    }

    /// <summary>Sees every row of every table: what it is, and who wrote it last.</summary>
    public Task<string> EverythingAsync() => AskAsync<string>("""
        select string_agg(format('%s %s', t.name, t.rows), E'\n' order by t.name) from (
          select name, (xpath('/row/rows/text()', query_to_xml(format(
            'select coalesce(string_agg(xmin || '' '' || ctid || '' '' || md5(r::text), '','' order by r::text), '''') as rows from wfm.%I r', name), true, true, '')))[1]::text as rows
          from (select table_name::text as name from information_schema.tables where table_schema = 'wfm') n) t
        """);

    protected override void Configure(IServiceCollection services)
    {
        services.AddSingleton(this);
        services.AddSingleton<TimeProvider>(Clock);
        services.AddDbContext<EngineContext>(o => o.UseNpgsql(Connection)).AddWfm<EngineContext>(Configure);
    }

    protected virtual void Configure(WfmBuilder wfm) => wfm.AddPostAction<NoteAction>("note");

    /// <summary>Names the record after the action's value and tells of it; what is called <c>boom</c> explodes, after it has written, and <c>no</c> is refused.</summary>
    private sealed class NoteAction(Desk desk, EventEmitter events) : IPostAction
    {
        public async Task<MoveResult?> RunAsync(PostActionContext context, CancellationToken ct)
        {
            var (id, name) = (Guid.Parse(context.Project.Subject.Id), context.Value.AsText ?? "nothing");
            await context.Db.Database.ExecuteSqlAsync($"update wfm.record set name = {name}, version = version + 1 where id = {id}", ct);
            await desk.OnNote();
            await events.EmitAsync([new("task.noted", context.Project.Subject, Value.From(name))], context.Actor, context.At, context.Cause, ct);
            if (name == "boom") throw new InvalidOperationException("boom");
            return name == "no" ? new MoveResult.Invalid([new("/input/text", "no", "is not to be noted")]) : null;
        }
    }
}
