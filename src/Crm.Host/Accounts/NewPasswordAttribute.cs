using Crm.Host.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Host.Accounts;

/// <summary>Tells how long a new password is; whether it is good <see cref="Passwords.Check"/> finds out.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NewPasswordAttribute : Attribute, IDescribed
{
    public void Describe(OpenApiSchema member) => (member.Format, member.MinLength, member.MaxLength) = ("password", Passwords.Shortest, Passwords.Longest);
}
