using Crm.Wfm.Rules;

namespace Crm.Wfm.Decisions;

/// <summary>Finds a decision by its key for a rule that is being compiled; else tells the problem, or nothing where the decision's own faults tell it.</summary>
internal delegate (Decision? Decision, Failing? Problem) DecisionFinder(string key);
