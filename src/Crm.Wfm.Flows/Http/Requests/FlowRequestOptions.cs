using Microsoft.AspNetCore.Http;

namespace Crm.Wfm.Flows.Http;

/// <summary>How requests reach flows; given to <see cref="FlowRequestEndpoints.MapFlowRequests"/>.</summary>
public sealed class FlowRequestOptions
{
    /// <summary>Gets or sets what tells whose flows a request is for: by who is signed in, a key, the path or the host. <c>null</c> from it: nobody's. As the package is told by <see cref="WfmBuilder.Workspace"/>, else the default workspace, where it is not set.</summary>
    public Func<HttpContext, Guid?>? Workspace { get; set; }

    /// <summary>Gets or sets how many bytes a body may have. Default 1,000,000.</summary>
    public int MaxBody { get; set; } = 1_000_000;

    /// <summary>Gets or sets how long a request waits for its flow's answer; then it is told where the run is, which goes on. Default 30 s.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the headers flows do not see, for what they hold lets somebody in. Default <c>Authorization</c>, <c>Cookie</c>, <c>Proxy-Authorization</c>, <c>X-Api-Key</c>.</summary>
    public string[] HiddenHeaders { get; set; } = ["Authorization", "Cookie", "Proxy-Authorization", "X-Api-Key"];
}
