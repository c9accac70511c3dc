using Crm.Entities.Deals;
using Crm.Entities.Leads;
using Crm.Entities.Records;
using Crm.Wfm;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Entities;

/// <summary>Registers the CRM's records.</summary>
public static class CrmServices
{
    /// <summary>Adds what saves records.</summary>
    public static IServiceCollection AddCrm(this IServiceCollection services) => services.AddScoped<RecordWriter>();

    /// <summary>Lets processes govern the records that have one: deals and leads.</summary>
    public static WfmBuilder GovernCrm(this WfmBuilder wfm)
    {
        DealFacts.Govern(wfm);
        LeadFacts.Govern(wfm);
        return wfm;
    }
}
