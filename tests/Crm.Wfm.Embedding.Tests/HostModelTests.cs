using System.Net.Http.Json;
using Crm.Wfm.History;
using Crm.Wfm.Http;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Embedding.Tests;

/// <summary>Hosts differ: in their keys, in how they name columns, in how they get their context.</summary>
public sealed class HostModelTests(KeysDatabase database) : IClassFixture<KeysDatabase>
{
    private static readonly Actor Ann = new(Keys.TestUser);

    [Fact]
    public async Task Keys_are_texts_UUIDs_and_numbers_each_spelt_one_way()
    {
        await using var services = Keys.Services<KeysContext>(s => s.AddDbContext<KeysContext>(o => o.UseNpgsql(database.Application)));
        await AddAsync<KeysContext>(services, new Parcel { Id = "DE-7/a b" }, new Bill { Id = new("0000000a-0000-0000-0000-0000000000bb") }, new Meter { Id = 9007199254740993 });
        await MoveAsync(services, new("parcel", "DE-7/a b"));
        await MoveAsync(services, new("invoice", "0000000A-0000-0000-0000-0000000000BB"));
        await MoveAsync(services, new("meter", "+9007199254740993"));
        string[] stored = ["DE-7/a b", "0000000a-0000-0000-0000-0000000000bb", "9007199254740993"];
        (await ReadAsync<KeysContext, int>(services, db => db.Set<ProjectRow>().CountAsync(p => stored.Contains(p.SubjectId) && p.Step == "done"))).ShouldBe(3);
    }

    [Fact]
    public async Task A_pool_of_contexts_serves_moves_at_once_and_again()
    {
        await using var services = Keys.Services<KeysContext>(s => s.AddDbContextPool<KeysContext>(o => o.UseNpgsql(database.Application), poolSize: 2));
        await AddAsync<KeysContext>(services, [.. Enumerable.Range(1, 12).Select(n => new Meter { Id = n })]);
        await Task.WhenAll(Enumerable.Range(1, 12).Select(n => Task.Run(() => MoveAsync(services, new("meter", n)))));
    }

    [Fact]
    public async Task A_context_that_retries_is_served_in_code_and_over_HTTP()
    {
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Services.AddAuthorization();
        builder.Services.AddDbContext<KeysContext>(o => o.UseNpgsql(database.Application, npgsql => npgsql.EnableRetryOnFailure()));
        Keys.Govern<KeysContext>(builder.Services);
        await using var app = builder.Build();
        app.MapWfm("/wfm").AllowAnonymous();
        await app.StartAsync();
        await AddAsync<KeysContext>(app.Services, new Meter { Id = 200 });
        var project = await MoveAsync(app.Services, new("meter", 200));
        await using (var scope = app.Services.CreateAsyncScope())
        {
            (await scope.ServiceProvider.GetRequiredService<MoveEngine>().OffersAsync(project, Ann, default)).ShouldNotBeNull();
            (await scope.ServiceProvider.GetRequiredService<HistoryVerifier>().VerifyAsync(default)).Broken.ShouldBeEmpty();
        }

        using var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        client.DefaultRequestHeaders.Add("Idempotency-Key", "once");
        var record = await (await client.PostAsJsonAsync("/wfm/records", new { type = "ticket", name = "T" })).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonNode>();
        foreach (var path in new[] { $"projects/{project}", $"projects/{project}/transitions", $"projects/{project}/history", "projects", "bundles", "events", $"records/{record!["id"]}" })
        {
            using var response = await client.GetAsync(new Uri("/wfm/" + path, UriKind.Relative));
            ((int)response.StatusCode).ShouldBe(200, path);
        }
    }

    [Fact]
    public async Task A_naming_convention_of_the_host_leaves_the_packages_columns_alone()
    {
        await using var services = Keys.Services<ShoutingContext>(s => s.AddDbContext<ShoutingContext>(o => o.UseNpgsql(database.Application)));
        await AddAsync<ShoutingContext>(services, new Parcel { Id = "SHOUT" });
        var project = await MoveAsync(services, new("parcel", "SHOUT"), new() { ["note"] = "loud" });
        (await ReadAsync<ShoutingContext, string>(services, db => db.Set<ProjectRow>().Where(p => p.Id == project).Select(p => p.Step).SingleAsync())).ShouldBe("done");
        (await ReadAsync<ShoutingContext, int>(services, db => db.Set<HistoryRow>().CountAsync(h => h.ProjectId == project))).ShouldBe(2);
        (await ReadAsync<ShoutingContext, string>(services, db => db.Database.SqlQuery<string>($"""select "NOTE" as "Value" from "PARCEL" """).SingleAsync())).ShouldBe("loud");
    }

    [Fact]
    public void A_key_of_another_type_is_refused_at_once() =>
        Should.Throw<ArgumentException>(() => new ServiceCollection().AddWfm<KeysContext>(wfm => wfm.Govern<Meter>("meter", m => m.Reading, m => new { m.Reading })))
            .Message.ShouldContain("a key is a Guid, an int, a long or a string");

    private static async Task AddAsync<TContext>(IServiceProvider services, params object[] rows)
        where TContext : DbContext
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TContext>();
        db.AddRange(rows);
        await db.SaveChangesAsync();
    }

    private static async Task<Guid> MoveAsync(IServiceProvider services, SubjectRef subject, System.Text.Json.Nodes.JsonObject? changes = null)
    {
        await using var scope = services.CreateAsyncScope();
        var engine = scope.ServiceProvider.GetRequiredService<MoveEngine>();
        var project = (await engine.StartAsync(new(subject, Ann), default)).ShouldBeOfType<MoveResult.Moved>().Project;
        (await engine.MoveAsync(new(project, "finish", Ann) { Changes = changes }, default)).ShouldBeOfType<MoveResult.Moved>();
        return project;
    }

    private static async Task<T> ReadAsync<TContext, T>(IServiceProvider services, Func<TContext, Task<T>> read)
        where TContext : DbContext
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TContext>();
        await using var transaction = await db.Database.BeginWorkspaceAsync(Workspace.Default);
        return await read(db);
    }
}
