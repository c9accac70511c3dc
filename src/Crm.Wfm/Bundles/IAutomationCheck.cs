using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>Says what of an automation cannot be run. A package that runs automations registers one; without it they are read, kept and warned about.</summary>
public interface IAutomationCheck
{
    /// <summary>Looks at an automation that has a flow.</summary>
    /// <param name="automation">The automation as the bundle has it, whatever it holds.</param>
    /// <param name="faults">Receives everything by which it could not run, with pointers relative to it; nothing of the bundle is published then.</param>
    /// <param name="warnings">Receives what is understood and not acted on.</param>
    /// <returns>The types of the events it tells itself; <c>null</c> where it computes them, so that they may be any.</returns>
    IReadOnlyCollection<string>? Check(Value automation, ICollection<Fault> faults, ICollection<Fault> warnings);
}
