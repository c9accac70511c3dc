using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace Crm.Host.Accounts;

/// <summary>An e-mail address as far as one can tell without sending one: one @ between two parts, nothing that cannot be seen, 254 characters at most.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MailAddressAttribute() : ValidationAttribute("This is no e-mail address.")
{
    private static readonly Regex Form = new(@"^[^\s\p{C}@]+@[^\s\p{C}@]+\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    public override bool IsValid(object? value) => value is null || (value is string { Length: <= 254 } text && Form.IsMatch(text));
}
