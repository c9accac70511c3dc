using System.Diagnostics.CodeAnalysis;
using Crm.Wfm.Flows.Activities;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;
using HandlebarsDotNet.Iterators;
using HandlebarsDotNet.ObjectDescriptors;
using HandlebarsDotNet.PathStructure;

namespace Crm.Wfm.Flows.Expressions;

/// <summary>Ends templates that go through lists within lists and write nothing: <c>each</c> goes through lists and objects as it does, and is counted.</summary>
internal sealed class CountedLists : IObjectDescriptorProvider
{
    /// <summary>The most items a template goes through.</summary>
    public const int Most = 100_000;

    // A template is written on one thread, from its beginning to its end.
    [ThreadStatic]
    private static int t_count;

    /// <summary>Counts anew.</summary>
    public static void Begin() => t_count = 0;

    /// <inheritdoc/>
    public bool TryGetDescriptor(Type type, [MaybeNullWhen(false)] out ObjectDescriptor value)
    {
        // As the lists and objects are that these are.
        value = (type == typeof(Template.Items) || type == typeof(Template.Members)) && ObjectDescriptor.TryCreate(type.BaseType!, out var known) && known.Iterator is { } iterator
            ? new(type, known.MemberAccessor, known.GetProperties, _ => new Counted(iterator), known.Dependencies)
            : null;
        return value is not null;
    }

    private sealed class Counted(IIterator iterator) : IIterator
    {
        public void Iterate(in EncodedTextWriter writer, BindingContext context, ChainSegment[] blockParamsVariables, object input, TemplateDelegate template, TemplateDelegate ifEmpty) =>
            iterator.Iterate(in writer, context, blockParamsVariables, input, (w, c) =>
            {
                if (++t_count > Most) throw new FlowException($"the template goes through more than {Most} items");
                template(w, c);
            }, ifEmpty);
    }
}
