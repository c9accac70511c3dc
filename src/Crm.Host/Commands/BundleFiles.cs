namespace Crm.Host.Commands;

/// <summary>Reads what the command line names.</summary>
internal static class BundleFiles
{
    /// <summary>Reads a file, or standard input for <c>-</c>; <c>null</c> when it cannot be read, which is told.</summary>
    public static async Task<byte[]?> ReadAsync(string file, CancellationToken ct)
    {
        try
        {
            if (file != "-") return await File.ReadAllBytesAsync(file, ct);
            using var buffer = new MemoryStream();
            await using var input = Console.OpenStandardInput();
            await input.CopyToAsync(buffer, ct);
            return buffer.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{file}: {e.Message}");
            return null;
        }
    }
}
