using Crm.Entities.Records;
using Microsoft.EntityFrameworkCore;

namespace Crm.Entities.CustomFields;

/// <summary>Maps fields and their values.</summary>
internal static class CustomFieldTables
{
    public static void MapCustomFields(this ModelBuilder model)
    {
        var field = model.MapRecord<CustomField>("custom_field");
        field.Property(f => f.Title).HasColumnType("jsonb");
        field.Property(f => f.Options).HasColumnType("jsonb");
        model.MapTable<CustomValue>("custom_value", nameof(CustomValue.RecordId), nameof(CustomValue.FieldId), nameof(CustomValue.Item));
    }
}
