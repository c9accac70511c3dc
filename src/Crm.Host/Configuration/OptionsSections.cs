using Crm.Host.Accounts;
using Crm.Host.Boards;
using Crm.Host.Models;
using Crm.Host.Realtime;
using Crm.Host.Telemetry;
using Crm.Wfm;
using Crm.Wfm.Events;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Running;

namespace Crm.Host.Configuration;

/// <summary>A section of the configuration and the options it fills.</summary>
internal sealed record OptionsSection(string Name, Type Options, Action<IServiceCollection> Bind);

/// <summary>Every section the host reads: bound here, and listed by the verb <c>settings</c>.</summary>
internal static class OptionsSections
{
    public static IReadOnlyList<OptionsSection> All { get; } =
    [
        Of<CrmOptions>("Crm"), Of<SignInOptions>("Crm:SignIn"), Of<BoardOptions>("Crm:Boards"), Of<RealtimeOptions>("Crm:Realtime"), Of<TelemetryOptions>("Crm:Telemetry"), Of<ModelOptions>("Crm:Model"), Of<WfmOptions>("Wfm"),
        Of<EventPumpOptions>("Wfm:EventPump"), Of<FlowOptions>("Wfm:Flows"),
        Of<OutsideOptions>("Wfm:Flows:Outside"), Of<MailOptions>("Wfm:Flows:Mail"), Of<WebhookOptions>("Wfm:Flows:Webhooks"),
    ];

    private static OptionsSection Of<T>(string name)
        where T : class => new(name, typeof(T), services => services.AddOptions<T>().BindConfiguration(name).ValidateDataAnnotations().ValidateOnStart());
}
