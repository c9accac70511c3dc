namespace Crm.Wfm.Flows.Studio;

/// <summary>Which runs are meant. Nothing, or an empty list, is any.</summary>
internal record InstanceFilter
{
    private static readonly Dictionary<string, string> Columns = new(StringComparer.OrdinalIgnoreCase) { ["CreatedAt"] = "r.created_at", ["UpdatedAt"] = "r.updated_at", ["FinishedAt"] = "r.finished_at" };

    private static readonly Dictionary<string, string> Operators = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Is"] = "=", ["IsNot"] = "is distinct from", ["LessThan"] = "<", ["GreaterThan"] = ">", ["LessThanOrEqual"] = "<=", ["GreaterThanOrEqual"] = ">=",
    };

    public string? SearchTerm { get; init; }

    public string? DefinitionId { get; init; }

    public IReadOnlyList<string>? DefinitionIds { get; init; }

    public string? CorrelationId { get; init; }

    public int? Version { get; init; }

    public bool? HasIncidents { get; init; }

    public bool? IsSystem { get; init; }

    public string? Status { get; init; }

    public IReadOnlyList<string>? Statuses { get; init; }

    public string? SubStatus { get; init; }

    public IReadOnlyList<string>? SubStatuses { get; init; }

    public IReadOnlyList<TimestampFilter>? TimestampFilters { get; init; }

    /// <summary>Writes it as a condition; <c>null</c> when a column or an operator is none.</summary>
    public (string Sql, IReadOnlyList<object> Parameters)? Condition()
    {
        var (conditions, parameters) = (new List<string> { "true" }, new List<object>());
        void Add(string sql, object value)
        {
            parameters.Add(value);
            conditions.Add(sql.Replace("$?", $"${parameters.Count}", StringComparison.Ordinal));
        }

        if (Both(DefinitionId, DefinitionIds) is { } definitions) Add("d.definition_id = any($?)", definitions);
        if (Both(Status, Statuses) is { } statuses) Add($"{InstanceSummary.Status_} = any($?)", statuses);
        if (Both(SubStatus, SubStatuses) is { } subStatuses) Add($"{InstanceSummary.SubStatus_} = any($?)", subStatuses);
        if (!string.IsNullOrEmpty(CorrelationId)) Add("r.correlation_id = $?", CorrelationId);
        if (Version is { } version) Add("d.version = $?", version);
        if (HasIncidents is { } has) Add($"({InstanceSummary.Incidents} > 0) = $?", has);
        if (IsSystem == true) conditions.Add("false");
        if (!string.IsNullOrWhiteSpace(SearchTerm)) Add("strpos(lower(concat_ws(' ', r.id, r.name, r.correlation_id, d.name, d.definition_id)), lower($?)) > 0", SearchTerm.Trim().Replace("\0", "", StringComparison.Ordinal));
        foreach (var filter in TimestampFilters ?? [])
        {
            if (!Columns.TryGetValue(filter.Column ?? "", out var column) || !Operators.TryGetValue(filter.Operator ?? "", out var comparison)) return null;
            Add($"{column} {comparison} $?", filter.Timestamp.ToUniversalTime());
        }

        return (string.Join(" and ", conditions), parameters);
    }

    private static string[]? Both(string? one, IReadOnlyList<string>? several) =>
        !string.IsNullOrEmpty(one) ? [one, .. several ?? []] : several is { Count: > 0 } ? [.. several] : null;
}

internal sealed record TimestampFilter
{
    public string? Column { get; init; }

    public string? Operator { get; init; }

    public DateTimeOffset Timestamp { get; init; }
}
