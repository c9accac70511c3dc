using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Crm.Host.OpenApi;
using Crm.Wfm.Schemas;
using Microsoft.OpenApi;

namespace Crm.Host.Records;

/// <summary>Asks a text for a form of its own: one the schemas of processes know as well, or one of those below.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed partial class FormatAttribute(string name) : ValidationAttribute, IDescribed
{
    private static readonly Dictionary<string, Format> Own = new()
    {
        ["country-code"] = new(Countries.Codes.Contains, "a country code of ISO 3166-1 such as CH"),
        ["hostname"] = new(t => t.Length <= 253 && t.Contains('.') && Uri.CheckHostName(t) == UriHostNameType.Dns, "an internet domain such as acme.test"),
        ["phone"] = new(t => Phone().IsMatch(t) && t.Count(char.IsAsciiDigit) > 2, "a phone number such as +41 44 123 45 67"),
        ["website"] = new(IsWebsite, "an address such as https://acme.test"),
    };

    public void Describe(OpenApiSchema member) => member.Format = name;

    private Format Format => Own.GetValueOrDefault(name) ?? Formats.All[name];

    public override bool IsValid(object? value) => value is not string text || Format.Accepts(text);

    public override string FormatErrorMessage(string member) => $"must be {Format.Words}";

    private static bool IsWebsite(string text) => Uri.IsWellFormedUriString(text, UriKind.Absolute) && new Uri(text) is { Scheme: "http" or "https", Host.Length: > 0 };

    [GeneratedRegex(@"^\+?[0-9(][0-9 ()./-]*( ?(ext\.?|x|#) ?[0-9]+)?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Phone();
}
