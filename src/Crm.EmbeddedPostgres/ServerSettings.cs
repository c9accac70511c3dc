using System.Globalization;
using System.Text;

namespace Crm.Embedded;

/// <summary>Writes <c>postgresql.conf</c>.</summary>
internal static class ServerSettings
{
    public static string Write(int port, bool durable, IReadOnlyDictionary<string, string> more)
    {
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            // A socket's path has little room, and its folder needs guarding.
            ["unix_socket_directories"] = "",
            ["max_connections"] = "200",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["lc_messages"] = "C",
            // What initdb would write for our locale.
            ["default_text_search_config"] = "pg_catalog.english",
        };
        if (!durable) settings["fsync"] = settings["full_page_writes"] = settings["synchronous_commit"] = "off";
        foreach (var (name, value) in more) settings[name] = value;

        var text = new StringBuilder("# Written at every start.\n");
        foreach (var (name, value) in settings) text.Append(CultureInfo.InvariantCulture, $"{name} = '{Escape(value)}'\n");
        return text.ToString();
    }

    private static string Escape(string value) => value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);
}
