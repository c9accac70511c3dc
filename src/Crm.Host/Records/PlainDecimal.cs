using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crm.Host.Records;

/// <summary>Writes amounts without the zeros the database pads them with: 24000, not 24000.0000.</summary>
internal sealed class PlainDecimal : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteRawValue(value.ToString("G29", CultureInfo.InvariantCulture));
}
