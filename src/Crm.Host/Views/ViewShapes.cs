using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using Crm.Entities.Views;
using Crm.Host.CustomFields;

namespace Crm.Host.Views;

/// <summary>Asks to keep a list.</summary>
internal sealed record CreateViewRequest(
    [property: StringLength(200, MinimumLength = 1)] string Name, [property: RecordType] string RecordType,
    [property: StringLength(4000)] string Query = "", [property: MaxLength(100)] IReadOnlyList<string>? Columns = null, bool IsShared = false);

/// <summary>What its owner may change of it.</summary>
internal sealed record ViewFields(
    [property: StringLength(200, MinimumLength = 1)] string Name, [property: StringLength(4000)] string Query, [property: MaxLength(100)] IReadOnlyList<string> Columns, bool IsShared)
{
    public static ViewFields Of(SavedView v) => new(v.Name, v.Query, v.Columns, v.IsShared);

    public void Write(SavedView view) => (view.Name, view.Query, view.Columns, view.IsShared) = (Name, Query, [.. Columns], IsShared);
}

/// <summary>A saved view as the API shows it.</summary>
internal sealed record ViewResponse(
    Guid Id, string Name, [property: RecordType] string RecordType, string Query, IReadOnlyList<string> Columns, Guid OwnerId, bool IsShared, int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static Expression<Func<SavedView, ViewResponse>> Projection { get; } =
        v => new(v.Id, v.Name, v.RecordType, v.Query, v.Columns, v.OwnerId, v.IsShared, v.Version, v.CreatedAt, v.UpdatedAt!.Value);
}
