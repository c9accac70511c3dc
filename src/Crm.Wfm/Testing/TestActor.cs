using System.Security.Cryptography;
using System.Text;

namespace Crm.Wfm.Testing;

/// <summary>Somebody who acts in a test.</summary>
/// <param name="Name">A name, or a UUID; the same name is the same person.</param>
public sealed record TestActor(string Name = "actor")
{
    /// <summary>Gets the id made of the name.</summary>
    public Guid Id => IdOf(Name);

    /// <summary>Gets the roles.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Gets the relations to the record, such as <c>owner</c>.</summary>
    public IReadOnlyList<string> Relations { get; init; } = [];

    // Tests name people; a name is as good an id as any.
    internal static Guid IdOf(string name) => Guid.TryParse(name, out var id) ? id : new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
}
