using System.Collections.Immutable;
using System.Globalization;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Plans;

/// <summary>Joins a plan with the plan of a traced preview of the same program.</summary>
public static class PlanTrace
{
    /// <summary>
    /// The plan with the output that each unknown value comes from. A text that is made of outputs and of more, such as a policy document, is
    /// kept beside it with placeholders, so that it can be judged.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="traced">The traced one.</param>
    public static IReadOnlyList<PlannedResource> Join(IReadOnlyList<PlannedResource> plan, IReadOnlyList<PlannedResource> traced)
    {
        var traces = traced.ToDictionary(resource => resource.Urn, StringComparer.Ordinal);
        return [.. plan.Select(resource => traces.TryGetValue(resource.Urn, out var trace) ? Join(resource, trace) : resource)];
    }

    private static PlannedResource Join(PlannedResource resource, PlannedResource trace)
    {
        var sources = ImmutableSortedDictionary.CreateBuilder<string, EquatableList<OutputSource>>(StringComparer.Ordinal);
        var composed = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        Walk("", resource.Inputs, trace.Inputs, (path, value) =>
        {
            // A text that depends on outputs may yet say the same whatever they are.
            if (value is PropertyString { Value: var text } && !OutputTrace.IsPlaceholder(text))
            {
                composed[path] = text;
            }

            if (Sources(trace, path, value) is { Count: > 0 } outputs)
            {
                sources[path] = outputs;
            }
        });
        return resource with { UnknownSources = sources.ToImmutable(), ComposedTexts = composed.ToImmutable() };
    }

    /// <summary>The placeholders in what is there, or else what the dependencies of the whole property say.</summary>
    private static EquatableList<OutputSource> Sources(PlannedResource trace, string path, PropertyValue? value)
    {
        var outputs = new List<OutputSource>();
        _ = value?.HasPart(part =>
        {
            outputs.AddRange(part is PropertyString text ? OutputTrace.Sources(text.Value) : []);
            return false;
        });
        var all = outputs.Count > 0 && value!.ContainsUnknowns ? outputs.Concat(Marked(trace, path)) : outputs.Count > 0 ? outputs : Marked(trace, path);
        return all.Distinct().OrderBy(source => source.Urn, StringComparer.Ordinal).ThenBy(source => source.Property, StringComparer.Ordinal).ToEquatableList();
    }

    /// <summary>Goes to every unknown of a plan, with what the traced plan has there.</summary>
    private static void Walk(string path, PropertyValue value, PropertyValue? trace, Action<string, PropertyValue?> onUnknown)
    {
        switch (value)
        {
            case PropertyUnknown or PropertyOutput { Value: null }:
                onUnknown(path, trace);
                break;
            case PropertySecret secret:
                Walk(path, secret.Value, trace is PropertySecret inner ? inner.Value : trace, onUnknown);
                break;
            case PropertyMap map:
                foreach (var (name, item) in map)
                {
                    Walk(path.Length == 0 ? name : $"{path}.{name}", item, (trace as PropertyMap)?.Find(name), onUnknown);
                }

                break;
            case PropertyList list:
                for (var index = 0; index < list.Count; index++)
                {
                    Walk(
                        string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), list[index],
                        trace is PropertyList items && index < items.Count ? items[index] : null, onUnknown);
                }

                break;
        }
    }

    /// <summary>What the dependencies of a whole property say: a resource with a named output counts once, with that output.</summary>
    private static EquatableList<OutputSource> Marked(PlannedResource trace, string path)
    {
        var all = trace.TracedDependencies.TryGetValue(path.Split('.', '[')[0], out var urns) ? urns.Select(OutputTrace.Read).Distinct().ToList() : [];
        return all.Where(source => source.Property is not null || !all.Any(other => other.Urn == source.Urn && other.Property is not null)).ToEquatableList();
    }
}
