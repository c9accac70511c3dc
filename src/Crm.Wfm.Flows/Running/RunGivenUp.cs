namespace Crm.Wfm.Flows.Running;

/// <summary>A run that cannot go on, whatever host tries it: what its burst has done is undone, and it is dead-lettered.</summary>
internal sealed class RunGivenUp(string message) : Exception(message);

/// <summary>An activity did not end when it was told to: its transaction is given up, for it may still be using it.</summary>
internal sealed class ActivityHung(string message) : Exception(message);
