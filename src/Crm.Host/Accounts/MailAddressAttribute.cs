using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Crm.Host.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Host.Accounts;

/// <summary>An e-mail address as far as one can tell without sending one: one @ between two parts, nothing that cannot be seen, 254 characters at most.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MailAddressAttribute() : ValidationAttribute("This is no e-mail address."), IDescribed
{
    private const int Longest = 254;
    private static readonly Regex Form = new(@"^[^\s\p{C}@]+@[^\s\p{C}@]+\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    public void Describe(OpenApiSchema member) => (member.Format, member.MaxLength) = ("email", Longest);

    public override bool IsValid(object? value) => value is null || (value is string { Length: <= Longest } text && Form.IsMatch(text));
}
