using System.Globalization;
using System.Reflection;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Crm.Wfm.Http;

/// <summary>Says that an endpoint reads the query string itself, and refuses what it does not know there.</summary>
public sealed class OwnQuery;

/// <summary>Refuses query parameters that an endpoint does not know, for a filter nobody reads shows everything, and values of the wrong type, by name.</summary>
internal static class QueryFilter
{
    private static readonly Dictionary<Type, (string Words, Func<string, bool> Reads)> Types = new()
    {
        [typeof(string)] = ("a text", _ => true),
        [typeof(int)] = ("a whole number", t => int.TryParse(t, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)),
        [typeof(long)] = ("a whole number", t => long.TryParse(t, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)),
        [typeof(Guid)] = ("a UUID", t => Guid.TryParse(t, out _)),
        [typeof(bool)] = ("`true` or `false`", t => bool.TryParse(t, out _)),
        [typeof(DateTimeOffset)] = ("a time such as `2027-01-31T12:00:00Z` (write the plus of an offset as `%2B`)", t => t.Contains('T', StringComparison.Ordinal) && FactTime.Read(t) is not null),
    };

    public static EndpointFilterDelegate Create(EndpointFilterFactoryContext context, EndpointFilterDelegate next)
    {
        var parameters = context.MethodInfo.GetParameters().Where(p => Types.ContainsKey(TypeOf(p)) && !p.CustomAttributes.Any(a => a.AttributeType.Name.StartsWith("From", StringComparison.Ordinal))).ToList();
        return invocation =>
        {
            var http = invocation.HttpContext;
            if (http.Request.Query.Count == 0 || http.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<OwnQuery>() is not null) return next(invocation);
            var known = parameters.Where(p => endpoint.RoutePattern.GetParameter(p.Name!) is null).ToList();
            // What could not be read has not kept the endpoint's filters from being called.
            var faults = http.Request.Query.Select(q => Check(q.Key, q.Value, known)).OfType<Fault>().ToList();
            return faults.Count > 0 ? ValueTask.FromResult<object?>(Problems.Faulty(faults)) : next(invocation);
        };
    }

    private static Fault? Check(string name, StringValues values, List<ParameterInfo> known)
    {
        if (known.Find(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase)) is not { } parameter)
        {
            return new($"?{name}", "unknown-parameter", $"{name} is not known here; {(known.Count > 0 ? $"these are: {string.Join(", ", known.Select(p => p.Name))}" : "nothing can be asked")}.");
        }

        var (words, reads) = Types[TypeOf(parameter)];
        if (values.Count > 1) return new($"?{name}", "parameter", $"{name} is there twice.");
        return reads(values.ToString()) ? null : new($"?{name}", "parameter", $"{name} is {words}, not '{values}'.");
    }

    private static Type TypeOf(ParameterInfo parameter) => Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
}
