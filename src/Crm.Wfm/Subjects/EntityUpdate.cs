using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Crm.Wfm.Subjects;

/// <summary>Builds UPDATE and lock of one row from the host's model: its table, its columns, its conversions. Names are quoted, values are parameters.</summary>
internal sealed class EntityUpdate : IDisposable
{
    private readonly IEntityType _entity;
    private readonly ISqlGenerationHelper _sql;
    private readonly StoreObjectIdentifier _table;
    private readonly NpgsqlCommand _command = new();
    private readonly List<string> _assignments = [];
    private string _where;

    public EntityUpdate(DbContext db, Type type, string keyProperty, object key)
    {
        _entity = db.Model.FindEntityType(type) ?? throw new InvalidOperationException($"{type.Name} is not in the model of {db.GetType().Name}.");
        _sql = db.GetService<ISqlGenerationHelper>();
        _table = StoreObjectIdentifier.Table(_entity.GetTableName()!, _entity.GetSchema());
        _where = $"{Column(keyProperty)} = {Parameter(keyProperty, key)}";
    }

    public void Where(string property, object value) => _where += $" and {Column(property)} = {Parameter(property, value)}";

    public void Set(string property, object? value) => _assignments.Add($"{Column(property)} = {Parameter(property, value)}");

    public void Merge(string property, string json) => _assignments.Add($"{Column(property)} = jsonb_strip_nulls({Column(property)} || {Parameter(property, json)})");

    public void Increment(string property) => _assignments.Add($"{Column(property)} = {Column(property)} + 1");

    public DbCommand Command()
    {
        _command.CommandText = $"update {Table} set {string.Join(", ", _assignments)} where {_where}";
        return _command;
    }

    public DbCommand LockCommand()
    {
        _command.CommandText = $"select 1 from {Table} where {_where} for no key update";
        return _command;
    }

    public void Dispose() => _command.Dispose();

    private string Table => _sql.DelimitIdentifier(_table.Name, _table.Schema);

    private string Column(string property) => _sql.DelimitIdentifier(Property(property).GetColumnName(_table)
        ?? throw new InvalidOperationException($"{_entity.ClrType.Name}.{property} is not a column of {_table.Name}."));

    private string Parameter(string property, object? value)
    {
        var name = "p" + _command.Parameters.Count;
        var mapping = Property(property).GetRelationalTypeMapping();
        _command.Parameters.Add(mapping.CreateParameter(_command, name, value, Property(property).IsNullable));
        return "@" + name;
    }

    private IProperty Property(string name) =>
        _entity.FindProperty(name) ?? throw new InvalidOperationException($"{_entity.ClrType.Name}.{name} is not a mapped property.");
}
