using Crm.Entities.Records;

namespace Crm.Entities.Views;

/// <summary>A list somebody comes back to: which records, in which order, which columns.</summary>
public sealed class SavedView : CrmRecord
{
    /// <inheritdoc/>
    public override string Noun => "view";

    /// <summary>Gets or sets the name.</summary>
    public required string Name { get; set; }

    /// <summary>Gets what it lists: <c>deal</c>, <c>lead</c>, <c>person</c>, <c>organization</c> or <c>activity</c>.</summary>
    public required string RecordType { get; init; }

    /// <summary>Gets whose it is.</summary>
    public required Guid OwnerId { get; init; }

    /// <summary>Gets or sets whether others see it.</summary>
    public bool IsShared { get; set; }

    /// <summary>Gets or sets filters and sort, as the list's own query string has them: <c>step=proposal&amp;sort=-amount</c>.</summary>
    public required string Query { get; set; }

    /// <summary>Gets or sets the members to show, in this order; empty leaves that to whoever shows it.</summary>
    public required string[] Columns { get; set; }
}
