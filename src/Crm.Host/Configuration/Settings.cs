namespace Crm.Host.Configuration;

/// <summary>Takes configuration out of the arguments, for every verb alike; what is left has to be verbs and options, so that a mistyped one is not served.</summary>
internal static class Settings
{
    public const string Help = """
        Settings, for every verb, as --NAME VALUE, --NAME=VALUE or an environment variable (with __ for the colon):
          --urls                        where to listen, such as http://localhost:5080
          --environment                 Development in a checkout, Production elsewhere
          --ConnectionStrings:Crm       database of the application, PostgreSQL 15 or later
          --ConnectionStrings:CrmOwner  the same with the login that migrates
          --embedded                    instead: this folder's own embedded PostgreSQL, as Development has it
          --Crm:…, --Wfm:…, --Logging:…, --Kestrel:…
        """;

    private static readonly string[] Names = ["urls", "environment", "ConnectionStrings:Crm", "ConnectionStrings:CrmOwner"];
    private static readonly string[] Sections = ["Crm:", "Wfm:", "Logging:", "Kestrel:"];

    public static (string[] Settings, string[] Words) Split(string[] args)
    {
        var (settings, words) = (new List<string>(), new List<string>());
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--embedded") settings.Add("--Crm:Embedded=true");
            else if (!IsSetting(args[i])) words.Add(args[i]);
            else if (args[i].Contains('=') || i + 1 == args.Length) settings.Add(args[i]);
            else settings.Add($"{args[i]}={args[++i]}");
        }

        return ([.. settings], [.. words]);
    }

    private static bool IsSetting(string arg)
    {
        if (!arg.StartsWith("--", StringComparison.Ordinal)) return false;
        var name = arg[2..].Split('=')[0];
        return Names.Contains(name, StringComparer.OrdinalIgnoreCase) || Sections.Any(s => name.StartsWith(s, StringComparison.OrdinalIgnoreCase));
    }
}
