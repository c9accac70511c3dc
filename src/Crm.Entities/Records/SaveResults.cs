using Crm.Wfm.Flows.Activities;

namespace Crm.Entities.Records;

internal static class SaveResults
{
    /// <summary>Fails the activity whose changes were not written.</summary>
    /// <exception cref="FlowException">They were not.</exception>
    public static void Throw(SaveResult result)
    {
        if (result is SaveResult.Invalid invalid) throw new FlowException(string.Join(" ", invalid.Faults.Select(f => $"{f.Pointer.TrimStart('/')}: {f.Message}")));
        if (result is SaveResult.Stale) throw new FlowException("somebody else changed a record at the same moment");
    }
}
