using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Crm.Host.Commands;

/// <summary>A verb whose help teaches by examples.</summary>
/// <param name="name">The word.</param>
/// <param name="description">What it does, in a line.</param>
/// <param name="examples">What one types, and what for: <c>crm bundle diff a.json b.json  # in words</c>.</param>
internal sealed class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;

    /// <summary>Has the help of all verbs below a root show their examples.</summary>
    public static void Teach(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new Teaching((HelpAction)help.Action!);
    }

    private sealed class Teaching(HelpAction usual) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var code = usual.Invoke(parseResult);
            if (parseResult.CommandResult.Command is not Verb { Examples.Count: > 0 } verb) return code;
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples, where crm is this program:");
            foreach (var example in verb.Examples) output.WriteLine($"  {example}");
            output.WriteLine();
            return code;
        }
    }
}
