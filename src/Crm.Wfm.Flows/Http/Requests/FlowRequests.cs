using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Http;

/// <summary>
/// Brings a request to the flow that begins, or waits, at its path. The run and its claim by this host are committed together, so nobody else takes it; it goes on at once, and
/// what it answered is sent when the burst that said so is committed.
/// </summary>
internal sealed class FlowRequests(IServiceProvider services, IServiceScopeFactory scopes, FlowLibrary library, FlowRunner runner, TimeProvider time, IOptions<FlowOptions> options)
{
    private const int LongestKey = 200;

    private CancellationToken Stopping => services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;

    /// <summary>Answers a request.</summary>
    public async Task<IResult> AnswerAsync(HttpContext http, string path, FlowRequestOptions with)
    {
        var ct = http.RequestAborted;
        if (WorkspaceOf(http, with) is not { } workspace) return Problems.NotFound("flow");
        var (place, allowed) = await FindAsync(workspace, http, path, ct);
        if (place is null) return allowed.Count == 0 ? Problems.NotFound("flow at this path") : NotThisWay(http, allowed);
        if (place.IsAmbiguous) return Problems.Conflict("Several runs wait at this path: say which by ?workflowInstanceId= or ?correlationId=.");
        if (await RequestAccess.RefusalAsync(http, place) is { } refusal) return refusal;
        var reading = await RequestReader.ReadAsync(http.Request, path, Math.Min(with.MaxBody, place.MaxBody ?? int.MaxValue), with.HiddenHeaders, ct);
        if (reading.Refusal is { } faulty) return faulty;
        if (http.Request.Headers["Idempotency-Key"].ToString().Length > LongestKey) return Problems.Faulty([new("", "length", $"An Idempotency-Key has at most {LongestKey} characters.")]);
        var (run, claim, refused) = await AcceptAsync(workspace, place, reading.Request, http, ct);
        if (refused is not null) return Problems.Conflict(refused);
        return await RunAsync(http, run, claim, place.Patience ?? with.Patience);
    }

    private Guid? WorkspaceOf(HttpContext http, FlowRequestOptions with) =>
        with.Workspace is { } own ? own(http) : services.GetRequiredService<WfmBuilder>().WorkspaceOf is { } told ? told(http) : Workspace.Default;

    private async Task<(RequestPlace? Place, IReadOnlyList<string> Allowed)> FindAsync(Guid workspace, HttpContext http, string path, CancellationToken ct)
    {
        await using var scope = ScopeOf(workspace);
        var host = scope.ServiceProvider.GetRequiredService<HostContext>();
        await using var transaction = await host.BeginAsync(ct);
        return await new RequestPlaces(host.Db, workspace, library).FindAsync(http.Request, HttpRoute.PatternsOf(path), ct);
    }

    private async Task<(Guid Run, ClaimedRun? Claim, string? Refused)> AcceptAsync(Guid workspace, RequestPlace place, Value request, HttpContext http, CancellationToken ct)
    {
        await using var scope = ScopeOf(workspace);
        var host = scope.ServiceProvider.GetRequiredService<HostContext>();
        return await host.ExecuteAsync<(Guid, ClaimedRun?, string?)>(async token =>
        {
            await using var transaction = await host.BeginAsync(token);
            var now = time.GetUtcNow();
            var accepted = place.Run is { } waiting
                ? (Run: waiting, Refused: await RequestPlaces.ResumeAsync(host.Db, place, request, now, token) ? null : "Another request came first.", IsNew: true)
                : await StartAsync(host, place, request, http, now, token);
            if (accepted.Refused is not null) return (accepted.Run, null, accepted.Refused);
            var claim = accepted.IsNew ? await RunStore.ClaimAsync(host.Db, workspace, accepted.Run, now, options.Value.Lease, token) : null;
            await transaction.CommitAsync(token);
            return (accepted.Run, claim, null);
        }, ct);
    }

    private static async Task<(Guid Run, string? Refused, bool IsNew)> StartAsync(HostContext host, RequestPlace place, Value request, HttpContext http, DateTimeOffset now, CancellationToken ct)
    {
        var given = http.Request.Headers["Idempotency-Key"].ToString();
        var key = given.Length == 0 ? null : $"http:{place.Key}:{given}";
        var run = new NewRun
        {
            Id = RunIds.New(now), Definition = place.Definition, Trigger = place.Node, CorrelationId = RequestPlaces.CorrelationOf(http.Request), IdempotencyKey = key,
            Input = new Dictionary<string, Value> { [HttpEndpoint.Input] = request },
        };
        if (key is not null && await KnownAsync(host, key, ct) is { } known) return (known, null, false);
        if (await Activation.RefusalAsync(host.Db, place.Definition, run.CorrelationId, ct) is { } refusal) return (run.Id, refusal, false);
        if ((await RunStore.InsertAsync(host.Db, [run], now, ct)).Count > 0) return (run.Id, null, true);
        // The same request came in the same moment.
        return ((await KnownAsync(host, key!, ct))!.Value, null, false);
    }

    private static async Task<Guid?> KnownAsync(HostContext host, string key, CancellationToken ct) =>
        await host.Db.QueryAsync("select id from wfm_flows.run where idempotency_key = $1", [key], r => r.GetGuid(0), ct) is [var known] ? known : null;

    private async Task<IResult> RunAsync(HttpContext http, Guid run, ClaimedRun? claim, TimeSpan patience)
    {
        if (claim is null) return new RunPlace(run);
        var answer = new TaskCompletionSource<IResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = GoOnAsync(claim, answer);
        try
        {
            return await answer.Task.WaitAsync(patience, time, http.RequestAborted);
        }
        catch (TimeoutException)
        {
            return new RunPlace(run);
        }
    }

    // Whether or not somebody still waits: what was begun goes on.
    private async Task GoOnAsync(ClaimedRun claim, TaskCompletionSource<IResult> answer)
    {
        IResult last = new RunPlace(claim.Id);
        try
        {
            await runner.RunNowAsync(claim, burst =>
            {
                var state = burst.Checkpoint.State;
                last = state.Response is { } response ? new WrittenAnswer(response)
                    : state.Status == RunStatus.Finished ? TypedResults.Ok()
                    : state.Status == RunStatus.Faulted ? TypedResults.Problem("The flow failed.", statusCode: StatusCodes.Status500InternalServerError, type: Problems.Urn + "flow-failed", title: "Flow failed", extensions: [new("run", claim.Id)])
                    : new RunPlace(claim.Id);
                if (state.Response is null) return false;
                answer.TrySetResult(last);
                return true;
            }, Stopping);
        }
        finally
        {
            answer.TrySetResult(last);
        }
    }

    private static ProblemHttpResult NotThisWay(HttpContext http, IReadOnlyList<string> allowed)
    {
        http.Response.Headers.Allow = string.Join(", ", allowed);
        return TypedResults.Problem($"The flow at this path takes {string.Join(", ", allowed)}.", statusCode: StatusCodes.Status405MethodNotAllowed);
    }

    private AsyncServiceScope ScopeOf(Guid workspace)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentWorkspace>().Id = workspace;
        return scope;
    }
}
