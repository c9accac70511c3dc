using Crm.Host.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Host.Records;

/// <summary>Tells what <see cref="TitleText"/> is made of.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TitleTextAttribute : Attribute, IDescribed
{
    private static OpenApiSchema Words => new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = TitleText.Max };

    public void Describe(OpenApiSchema member) =>
        member.OneOf = [Words, new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Words, MinProperties = 1, Description = "A text for each language." }];
}
