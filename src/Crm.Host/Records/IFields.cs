namespace Crm.Host.Records;

/// <summary>What people may write of a record: the body that creates it, and what a patch changes.</summary>
internal interface IFields<in TRecord>
{
    void Write(TRecord record);
}

/// <summary>The same, as they stand in a record.</summary>
internal interface IFields<out TFields, in TRecord> : IFields<TRecord>
{
    static abstract TFields Of(TRecord record);
}
