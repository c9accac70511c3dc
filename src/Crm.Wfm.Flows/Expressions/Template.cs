using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Text;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Rules;
using HandlebarsDotNet.Helpers;
using HandlebarsDotNet.IO;
using HandlebarsDotNet.PathStructure;
using HandlebarsDotNet;

namespace Crm.Wfm.Flows.Expressions;

/// <summary>A Handlebars template: text with <c>{{event.data.name}}</c> in it. Nothing is escaped, for it makes no HTML; what is not there is empty.</summary>
internal sealed class Template : Expression
{
    private const int MaxLength = 4000;
    private const int MaxResult = 100_000;

    private static readonly Regex Partials = new(@"\{\{~?\s*#?\s*[>*]", RegexOptions.NonBacktracking);

    private readonly HandlebarsTemplate<TextWriter, object, object> _render;

    private Template(HandlebarsTemplate<TextWriter, object, object> render) => _render = render;

    public static bool TryCompile(string text, [NotNullWhen(true)] out Template? template, [NotNullWhen(false)] out string? problem)
    {
        (template, problem) = (null, null);
        if (text.Length > MaxLength)
        {
            problem = $"a template has at most {MaxLength} characters";
            return false;
        }

        var helpers = new HelperNames();
        var configuration = new HandlebarsConfiguration { NoEscape = true, FormatProvider = CultureInfo.InvariantCulture };
        configuration.HelperResolvers.Add(helpers);
        configuration.FormatterProviders.Add(new FactFormatter());
        configuration.ObjectDescriptorProviders.Add(new CountedLists());
        try
        {
            template = new(Handlebars.Create(configuration).Compile(new StringReader(text)));
        }
        // The compiler throws what it happens to stumble over, such as InvalidOperationException for {{#if}} without a condition.
        catch (Exception e)
        {
            problem = $"is no Handlebars template: {e.Message.ReplaceLineEndings(" ")}";
            return false;
        }

        if (helpers.Unknown is { } unknown) problem = $"there is no helper '{unknown}' (there are if, unless, each, with, lookup)";
        else if (Partials.IsMatch(text)) problem = "there are no partials";
        return problem is null;
    }

    public override Value Evaluate(FlowScope scope)
    {
        using var writer = new LimitedWriter();
        CountedLists.Begin();
        try
        {
            _render(writer, Plain(scope.Facts)!, null!);
        }
        catch (HandlebarsException e)
        {
            throw new FlowException($"the template failed: {e.Message}");
        }

        return Value.From(writer.ToString());
    }

    // What Handlebars knows how to walk.
    private static object? Plain(Value value) => value.Kind switch
    {
        ValueKind.Boolean => value.AsBoolean,
        ValueKind.Number => value.AsNumber,
        ValueKind.Text => value.AsText,
        ValueKind.List => new Items(value, value.AsList.ToArray().Select(Plain)),
        ValueKind.Object => new Members(value, value.AsObject!.Select(m => KeyValuePair.Create(m.Key, Plain(m.Value)))),
        _ => null,
    };

    internal sealed class Members(Value source, IEnumerable<KeyValuePair<string, object?>> members) : Dictionary<string, object?>(members)
    {
        public override string ToString() => source.ToString();
    }

    internal sealed class Items(Value source, IEnumerable<object?> items) : List<object?>(items)
    {
        public override string ToString() => source.ToString();
    }

    /// <summary>Writes numbers, truth values, lists and objects as JSON does, whatever the machine's language.</summary>
    private sealed class FactFormatter : IFormatter, IFormatterProvider
    {
        public bool TryCreateFormatter(Type? type, [NotNullWhen(true)] out IFormatter? formatter)
        {
            formatter = type == typeof(double) || type == typeof(bool) || type == typeof(Members) || type == typeof(Items) ? this : null;
            return formatter is not null;
        }

        public void Format<T>(T value, in EncodedTextWriter writer) => writer.Write(value switch
        {
            double number => Value.From(number).ToString(),
            bool truth => Value.From(truth).ToString(),
            _ => value!.ToString(),
        });
    }

    /// <summary>Is asked for every helper that is none of Handlebars' own.</summary>
    private sealed class HelperNames : IHelperResolver
    {
        public string? Unknown { get; private set; }

        public bool TryResolveHelper(PathInfo name, Type? targetType, [NotNullWhen(true)] out IHelperDescriptor<HelperOptions>? helper)
        {
            (helper, Unknown) = (null, Unknown ?? name.Path);
            return false;
        }

        public bool TryResolveBlockHelper(PathInfo name, [NotNullWhen(true)] out IHelperDescriptor<BlockHelperOptions>? helper)
        {
            (helper, Unknown) = (null, Unknown ?? name.Path.TrimStart('#'));
            return false;
        }
    }

    /// <summary>Ends templates that write and write: lists within lists.</summary>
    private sealed class LimitedWriter : StringWriter
    {
        public LimitedWriter() : base(CultureInfo.InvariantCulture)
        {
        }

        public override void Write(char value)
        {
            Check(1);
            base.Write(value);
        }

        public override void Write(string? value)
        {
            Check(value?.Length ?? 0);
            base.Write(value);
        }

        public override void Write(char[] buffer, int index, int count)
        {
            Check(count);
            base.Write(buffer, index, count);
        }

        public override void Write(ReadOnlySpan<char> buffer)
        {
            Check(buffer.Length);
            base.Write(buffer);
        }

        public override void Write(StringBuilder? value)
        {
            Check(value?.Length ?? 0);
            base.Write(value);
        }

        private void Check(int more)
        {
            if (GetStringBuilder().Length + more > MaxResult) throw new FlowException($"the template makes more than {MaxResult} characters");
        }
    }
}
