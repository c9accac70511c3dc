using System.CommandLine;
using System.CommandLine.Parsing;
using Crm.Wfm;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;

namespace Crm.Host.Commands;

/// <summary>A file the command line names, or one in a folder it names.</summary>
/// <param name="Name">As it was named; <c>-</c> is standard input.</param>
/// <param name="Bytes">What is in it; empty when it could not be read.</param>
/// <param name="Fault">Why it can be no bundle.</param>
internal sealed record BundleFile(string Name, byte[] Bytes, Fault? Fault)
{
    /// <summary>Reads it as a bundle's document, which may have faults of its own; <c>null</c> when it is none.</summary>
    public Value? Document(List<Fault> faults)
    {
        if (Fault is not null) faults.Add(Fault);
        else if (StrictJson.Read(Bytes, faults) is { } document)
        {
            if (document["kind"].AsText == "ProcessBundle" && document["bundle"]["key"].AsText is not null) return document;
            faults.Add(new("", "no-bundle", "is JSON, but no bundle: a bundle has the kind ProcessBundle and a key"));
        }

        return null;
    }
}

/// <summary>Reads what the command line names.</summary>
internal static class BundleFiles
{
    private static readonly EnumerationOptions Below = new() { RecurseSubdirectories = true, MaxRecursionDepth = 16, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint };

    public static Argument<string[]> Argument()
    {
        var files = new Argument<string[]>("FILE") { Description = "Bundle files, or folders whose *.json files are bundles; - is standard input.", Arity = ArgumentArity.OneOrMore };
        files.Validators.Add(RefuseOptions);
        return files;
    }

    /// <summary>Refuses a mistyped option, which would otherwise be looked for as a file.</summary>
    public static void RefuseOptions(ArgumentResult result)
    {
        foreach (var word in result.Tokens.Select(t => t.Value).Where(word => word.Length > 1 && word[0] == '-' && !File.Exists(word)))
        {
            var known = result.Parent is CommandResult { Command: var command } ? command.Options.Concat(command.Parents.OfType<Command>().SelectMany(p => p.Options)).Select(o => o.Name) : [];
            result.AddError($"There is no option {word}{Closest.Hint(word, known)}");
        }
    }

    /// <summary>Lists the files there are under what is named; a name that leads nowhere stays, and is told when it is read.</summary>
    public static IEnumerable<string> Expand(IEnumerable<string> names) =>
        names.SelectMany(name => Directory.Exists(name) ? Directory.EnumerateFiles(name, "*.json", Below).Order(StringComparer.Ordinal).DefaultIfEmpty(name) : [name]).Distinct(StringComparer.Ordinal);

    /// <summary>Reads a file, or standard input for <c>-</c>, no further than a bundle may reach.</summary>
    public static async Task<BundleFile> ReadAsync(string name, CancellationToken ct)
    {
        if (Directory.Exists(name)) return Broken("no-bundle", "is a folder without *.json files");
        try
        {
            await using var input = name == "-" ? Console.OpenStandardInput() : File.OpenRead(name);
            using var buffer = new MemoryStream();
            var chunk = new byte[64 * 1024];
            for (int read; buffer.Length <= BundleReader.MaxBytes && (read = await input.ReadAsync(chunk, ct)) > 0;) buffer.Write(chunk, 0, read);
            var bytes = buffer.ToArray();
            return new(name, bytes, NoText(bytes));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Broken("unreadable", $"there is no such file{Closest.Hint(Path.GetFileName(name), Beside(name))}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Broken("unreadable", $"cannot be read: {e.Message}");
        }

        BundleFile Broken(string key, string message) => new(name, [], new("", key, message));
    }

    private static Fault? NoText(byte[] bytes) => bytes switch
    {
        { Length: > BundleReader.MaxBytes } => new("", "too-large", $"is larger than {BundleReader.MaxBytes / 1024 / 1024} MB"),
        [] or [0xEF, 0xBB, 0xBF] => new("", "malformed-json", "is empty"),
        [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..] => new("", "invalid-utf8", "is UTF-16; a bundle is UTF-8"),
        _ when bytes.AsSpan(0, Math.Min(bytes.Length, 8000)).Contains((byte)0) => new("", "invalid-utf8", "is binary; a bundle is JSON text in UTF-8"),
        _ => null,
    };

    private static IEnumerable<string> Beside(string name)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(name));
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)) : [];
    }
}
