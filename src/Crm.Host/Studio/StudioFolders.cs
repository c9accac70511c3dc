namespace Crm.Host.Studio;

/// <summary>Where the built front end is: beside the program when it was published, in the checkout's artifacts when it was built there.</summary>
/// <param name="Site">Our pages and what they need.</param>
/// <param name="Elsa">Elsa Studio as npm has it.</param>
internal sealed record StudioFolders(string Site, string Elsa)
{
    /// <summary>Finds them; <c>null</c> where the front end was left out.</summary>
    public static StudioFolders? Find()
    {
        var (published, built) = (Path.Combine(AppContext.BaseDirectory, "studio"), Path.Combine(Checkout.Root, "artifacts", "studio"));
        StudioFolders[] places =
        [
            new(Path.Combine(published, "site"), Path.Combine(published, "elsa")),
            new(Path.Combine(built, "site"), Path.Combine(built, "node_modules", "@elsa-workflows", "elsa-studio-wasm")),
        ];
        return places.FirstOrDefault(p => File.Exists(Path.Combine(p.Site, StudioPage.Application)) && Directory.Exists(p.Elsa));
    }
}
