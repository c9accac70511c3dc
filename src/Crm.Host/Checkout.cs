namespace Crm.Host;

/// <summary>Where this program's files are: beside it when it was published, in the checkout when it was built there.</summary>
internal static class Checkout
{
    /// <summary>Gets whether the program was built in a checkout and runs there.</summary>
    public static bool IsOne { get; } = Find(AppContext.BaseDirectory) is not null;

    /// <summary>Gets the folder with <c>Crm.sln</c>, or the program's own.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory) ?? AppContext.BaseDirectory;

    private static string? Find(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "Crm.sln"))) folder = Path.GetDirectoryName(folder);
        return folder;
    }
}
