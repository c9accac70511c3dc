using System.Net;
using Crm.Host.Tests.Accounts;

namespace Crm.Host.Tests.Http;

/// <summary>The host with one of everything that has an id, in each of two workspaces.</summary>
public sealed class TwoWorkspaces : CrmHost
{
    /// <summary>What another workspace's things have in their names.</summary>
    public const string TheirName = "Qwertz";

    /// <summary>The ids of another workspace, by what they are ids of.</summary>
    public IReadOnlyDictionary<string, string> Theirs { get; private set; } = null!;

    /// <summary>The ids of this workspace.</summary>
    public IReadOnlyDictionary<string, string> Ours { get; private set; } = null!;

    /// <summary>Has made what is in this workspace.</summary>
    public Api Maker { get; private set; } = null!;

    /// <summary>Administers this workspace, signed in: keys cannot make keys.</summary>
    public Api Somebody { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Theirs = await MakeAsync(As(await KeyAsync(OtherWorkspace, "admin", "sales-manager", "lead-manager")), TheirName);
        Maker = As(await KeyAsync(Workspace, "admin", "sales-manager", "lead-manager"));
        Ours = await MakeAsync(Maker, "Acme");
        Somebody = (await this.MemberAsync("admin", "sales-manager", "lead-manager")).Api;
    }

    private async Task<IReadOnlyDictionary<string, string>> MakeAsync(Api api, string name)
    {
        var deal = await MakeAsync("deals", new { name });
        var lead = await MakeAsync("leads", new { name });
        var ids = new Dictionary<string, string>
        {
            ["person"] = Id(await MakeAsync("people", new { name })),
            ["organization"] = Id(await MakeAsync("organizations", new { name })),
            ["deal"] = Id(deal),
            ["lead"] = Id(lead),
            ["project"] = $"{deal["projectId"]}",
            ["user"] = $"{deal["ownerId"]}",
            ["record"] = Id(await MakeAsync("records", new { type = "opportunity", name })),
            ["activity"] = Id(await MakeAsync("activities", new { subject = name, about = new { type = "deal", id = Id(deal) } })),
            ["note"] = Id(await MakeAsync("notes", new { body = name, about = new { type = "deal", id = Id(deal) } })),
            ["view"] = Id(await MakeAsync("views", new { name, recordType = "deal" })),
            ["custom-field"] = Id(await MakeAsync("custom-fields", new { recordType = "deal", key = "buyer", kind = "user", title = name, filterable = true })),
            ["team"] = Id(await MakeAsync("teams", new { name })),
            ["api-key"] = $"{(await api.GetAsync("/api/v1/api-keys")).Items[0]["id"]}",
            ["event"] = $"{(await api.GetAsync($"/api/v1/events?subject=deal/{Id(deal)}")).Items[0]["id"]}",
        };
        await QuietAsync();
        ids["run"] = $"{(await api.GetAsync("/api/v1/runs")).Items[0]["id"]}";
        return ids;

        async Task<Answer> MakeAsync(string path, object body)
        {
            var made = await api.PostAsync($"/api/v1/{path}", body);
            made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
            return made;
        }
    }

    private static string Id(Answer made) => $"{made["id"]}";
}
