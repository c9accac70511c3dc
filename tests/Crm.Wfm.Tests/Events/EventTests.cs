using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Wfm.Events;
using Crm.Wfm.Http;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Crm.Wfm.Tests.Moves;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Tests.Events;

public sealed class EventTests(Desk desk) : IClassFixture<Desk>
{
    private static readonly EventCause Cause = new(new Guid("00000000-0000-0000-0000-0000000000e1"), new Guid("00000000-0000-0000-0000-0000000000e2"), 3);

    private static readonly WfmEvent Written = new()
    {
        Id = Cause.Event, Workspace = Workspace.Default, Type = "task.approved", Subject = "task/1", Time = new(2026, 3, 31, 12, 0, 0, TimeSpan.FromHours(2)), Actor = Desk.Ann.Id,
        Correlation = Cause.Correlation, Causation = Desk.Bob.Id, Depth = 4, Position = 7, Traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", Data = Value.Parse("""{"n":1}"""),
    };

    [Fact]
    public void An_event_is_a_cloud_event()
    {
        JsonNode.DeepEquals(Written.ToCloudEvent(), JsonNode.Parse("""
            {"specversion":"1.0","id":"00000000-0000-0000-0000-0000000000e1","source":"/workspaces/00000000-0000-0000-0000-000000000001","type":"task.approved","subject":"task/1",
             "time":"2026-03-31T10:00:00.000Z","datacontenttype":"application/json","actorid":"00000000-0000-0000-0000-00000000000a","correlationid":"00000000-0000-0000-0000-0000000000e2",
             "causationid":"00000000-0000-0000-0000-00000000000b","depth":4,"sequence":"0000000000000000007","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","data":{"n":1}}
            """)).ShouldBeTrue();
        (Written with { Causation = null, Position = null, Traceparent = null }).ToCloudEvent().Select(m => m.Key).ShouldNotContain(k => k == "causationid" || k == "sequence" || k == "traceparent");
    }

    [Fact]
    public void The_API_shows_an_event_as_that_cloud_event()
    {
        foreach (var written in new[] { Written, Written with { Causation = null, Position = null, Traceparent = null } })
        {
            JsonNode.DeepEquals(JsonSerializer.SerializeToNode(CloudEventResponse.Of(written), JsonSerializerOptions.Web), written.ToCloudEvent()).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_move_tells_where_it_led()
    {
        var record = await desk.RecordAsync();
        var project = await desk.ProjectAsync(record, "begin", "submit");
        (await desk.MoveAsync(new(project, "approve", Desk.Bob))).ShouldBeOfType<MoveResult.Moved>();
        var events = await EventsAsync(record);
        events.Select(e => e.Type).ShouldBe([EventTypes.ProjectStarted, EventTypes.ProjectMoved, EventTypes.ProjectMoved, EventTypes.ProjectMoved, EventTypes.ProjectCompleted, "task.approved"]);
        Value.Parse(events[0].Data).ShouldBe(Value.Parse($$"""
            {"project":"{{project}}","projectType":"task","transition":null,"from":null,"to":"todo","status":"todo","category":"open","version":1}
            """));
        Value.Parse(events[4].Data).ShouldBe(Value.Parse($$"""
            {"project":"{{project}}","projectType":"task","transition":"approve","from":"review","to":"done","status":"done","category":"done","version":4}
            """));
        Value.Parse(events[5].Data).ShouldBe(Value.Parse(events[4].Data));
        events[3].ActorId.ShouldBe(Desk.Bob.Id);
        events.Select(e => e.Id).Distinct().Count().ShouldBe(6);
        events[3..].Select(e => e.CorrelationId).Distinct().ShouldHaveSingleItem();
        events.ShouldAllBe(e => e.CausationId == null && e.Depth == 0);
    }

    [Fact]
    public async Task What_an_event_caused_says_so()
    {
        var record = await desk.RecordAsync();
        (await desk.StartAsync(new(record, Desk.Ann) { Cause = Cause })).ShouldBeOfType<MoveResult.Moved>();
        (await EventsAsync(record)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            e => e.CausationId.ShouldBe(Cause.Event), e => e.CorrelationId.ShouldBe(Cause.Correlation), e => e.Depth.ShouldBe(4));
    }

    [Fact]
    public async Task The_trace_goes_on_through_the_event()
    {
        var record = await desk.RecordAsync();
        using (var activity = new Activity("a request").SetIdFormat(ActivityIdFormat.W3C).Start())
        {
            await desk.ProjectAsync(record);
            (await EventsAsync(record)).ShouldHaveSingleItem().Traceparent.ShouldBe(activity.Id);
        }

        var untraced = await desk.RecordAsync();
        await desk.ProjectAsync(untraced);
        (await EventsAsync(untraced)).ShouldHaveSingleItem().Traceparent.ShouldBeNull();
    }

    [Fact]
    public async Task An_event_has_the_time_of_its_move_to_the_microsecond()
    {
        desk.Clock.Now = new DateTimeOffset(2026, 3, 31, 10, 0, 0, TimeSpan.Zero).AddTicks(9999999);
        var record = await desk.RecordAsync();
        var project = await desk.ProjectAsync(record);
        (await EventsAsync(record)).ShouldHaveSingleItem().Time.UtcDateTime.ShouldBe(await desk.AskAsync<DateTime>("select at from wfm.history where project_id = $1", project));
    }

    private async Task<List<EventRow>> EventsAsync(SubjectRef subject)
    {
        await using var scope = desk.Scope();
        await using var transaction = await scope.Db.Database.BeginWorkspaceAsync(Workspace.Default);
        var about = subject.ToString();
        return await scope.Db.Set<EventRow>().AsNoTracking().Where(e => e.Subject == about).OrderBy(e => e.Sequence).ToListAsync();
    }
}
