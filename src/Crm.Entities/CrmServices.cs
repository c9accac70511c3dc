using Crm.Entities.Activities;
using Crm.Entities.Deals;
using Crm.Entities.Leads;
using Crm.Entities.Records;
using Crm.Entities.Teams;
using Crm.Wfm;
using Crm.Wfm.Flows;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Entities;

/// <summary>Registers the CRM's records.</summary>
public static class CrmServices
{
    /// <summary>Adds what saves records.</summary>
    public static IServiceCollection AddCrm(this IServiceCollection services) => services.AddScoped<RecordWriter>().AddScoped<Assignment>();

    /// <summary>Gets the names of the post-actions processes may use besides the package's own, for whoever reads a bundle without running a host.</summary>
    public static IReadOnlyList<string> PostActions { get; } = [LeadConversion.Name, OwnerAssignment.Name];

    /// <summary>Lets processes govern the records that have one, deals and leads, and do what the CRM can do besides; automations work with records.</summary>
    public static WfmBuilder GovernCrm(this WfmBuilder wfm)
    {
        DealFacts.Govern(wfm);
        LeadFacts.Govern(wfm);
        return wfm.AddPostAction<LeadConversion>(LeadConversion.Name).AddPostAction<OwnerAssignment>(OwnerAssignment.Name).AddFlowActivity<CreateActivityStep>().AddFlowActivity<CompleteActivityStep>()
            .AddFlowActivity<UpdateRecordStep>().AddFlowActivity<FindRecordsStep>().AddFlowActivity<AssignOwnerStep>().RefusedChanges(RecordFaults.Of).Emits(CrmEvents.All);
    }
}
