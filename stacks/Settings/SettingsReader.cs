using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>
/// Binds the texts of a stack's configuration to a settings record. All problems are collected and reported together, each with the setting's
/// name, what is allowed and the line in the file.
/// </summary>
/// <param name="file">The settings file, for line numbers.</param>
/// <param name="network">The environment, which some rules depend on.</param>
internal sealed class SettingsReader(SettingsFile file, NetworkProfile network)
{
    /// <summary>The namespace of the program's own settings: the project's name.</summary>
    public const string Namespace = "jeju-infra";

    /// <summary>The namespaces of providers, which read their own configuration.</summary>
    private static readonly string[] ForeignNamespaces = ["aws", "gcp", "kubernetes", "docker", "jeju", "pulumi"];

    private readonly List<SettingsProblem> _problems = [];

    /// <summary>Binds all values, or throws one error that lists everything that is wrong.</summary>
    /// <param name="values">Full key to text, as the engine hands them over.</param>
    public TSettings Read<TSettings>(IReadOnlyDictionary<string, string> values)
        where TSettings : class
    {
        var properties = SettingProperties(typeof(TSettings));
        foreach (var key in values.Keys.Concat(file.Keys).Distinct().Order(StringComparer.Ordinal))
        {
            RefuseUnknown(key, values, properties.Keys);
        }

        var settings = Create(typeof(TSettings));
        foreach (var (name, property) in properties)
        {
            var key = $"{Namespace}:{name}";
            if (property.GetCustomAttribute<SettingAttribute>() is { Secret: true } && file.IsPlain(key))
            {
                Refuse(key, [], "a secret stands in plain text", $"remove it from the file and from its history, and write it with `pulumi config set --secret {key}`");
            }
            else if (values.TryGetValue(key, out var text))
            {
                SetFromText(settings, property, key, text);
            }
            else if (IsRequired(property))
            {
                Refuse(key, [], "the setting is missing", $"write '{key}: {SettingValue.Example(property)}' below 'config:'");
            }
        }

        // Settings that are wrong by themselves would only confuse the rules between them.
        if (_problems.Count == 0)
        {
            Check(settings, "", []);
        }

        return _problems.Count == 0 ? (TSettings)settings : throw SettingsProblem.ToError(_problems);
    }

    /// <summary>The settings of a record by the name that the file uses.</summary>
    public static IReadOnlyDictionary<string, PropertyInfo> SettingProperties(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetCustomAttribute<SettingAttribute>() is not null)
        .ToDictionary(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name), StringComparer.Ordinal);

    private void RefuseUnknown(string key, IReadOnlyDictionary<string, string> values, IEnumerable<string> known)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        var name = key[(colon + 1)..];
        if (colon < 0)
        {
            // The engine hands such a key over with the project's name before it; then it is the file's line that is wrong.
            Refuse(key, [], "the key has no namespace", known.Contains(name) ? $"write '{Namespace}:{name}'" : $"write '{Namespace}:' before the setting's name");
        }
        else if (key[..colon] != Namespace)
        {
            if (!ForeignNamespaces.Contains(key[..colon]))
            {
                Refuse(key, [], $"nobody reads the namespace '{key[..colon]}'", $"write '{Namespace}:{name}', or a provider's own: {string.Join(", ", ForeignNamespaces)}");
            }
        }
        else if (!known.Contains(name) && !file.Keys.Contains(name))
        {
            Refuse(key, [], "there is no such setting", Nearest(name, known));
        }
    }

    /// <summary>The rules between settings, of a group and of the groups below it.</summary>
    private void Check(object settings, string key, IReadOnlyList<object> path)
    {
        if (settings is ICheckedSettings isChecked)
        {
            foreach (var refusal in isChecked.Check(network))
            {
                var whole = path.Concat(refusal.Path).ToList();
                Refuse(key.Length > 0 ? key : $"{Namespace}:{whole[0]}", key.Length > 0 ? whole : whole[1..], refusal.Problem, refusal.Remedy);
            }
        }

        foreach (var (name, property) in SettingProperties(settings.GetType()))
        {
            var below = key.Length > 0 ? [.. path, name] : path;
            var belowKey = key.Length > 0 ? key : $"{Namespace}:{name}";
            var value = property.GetValue(settings);
            if (value is IEnumerable list and not string)
            {
                var index = 0;
                foreach (var item in list)
                {
                    CheckGroup(item, belowKey, [.. below, index++]);
                }
            }
            else
            {
                CheckGroup(value, belowKey, below);
            }
        }
    }

    private void CheckGroup(object? value, string key, IReadOnlyList<object> path)
    {
        if (value is not null && value.GetType().IsClass && value is not string)
        {
            Check(value, key, path);
        }
    }

    /// <summary>Whether a setting must be given.</summary>
    public static bool IsRequired(PropertyInfo property) =>
        property.GetCustomAttribute<System.Runtime.CompilerServices.RequiredMemberAttribute>() is not null;

    private static object Create(Type type) =>
        Activator.CreateInstance(type) ?? throw new InvalidOperationException($"{type} cannot be created.");

    private static string Nearest(string name, IEnumerable<string> known)
    {
        var all = known.Order(StringComparer.Ordinal).ToList();
        var near = all.FirstOrDefault(candidate => TextDistance.Between(candidate, name) <= 2);
        return near is null ? $"use one of {string.Join(", ", all)}" : $"did you mean '{near}'? (all: {string.Join(", ", all)})";
    }

    private void Refuse(string key, IReadOnlyList<object> path, string problem, string remedy)
    {
        var name = key + string.Concat(path.Select(step => step is int index ? $"[{index}]" : "." + step));
        _problems.Add(new SettingsProblem(file.Name, file.Line(key, path), name, problem, remedy));
    }

    private void SetFromText(object settings, PropertyInfo property, string key, string text)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        JsonNode? node;
        if (SettingValue.IsScalar(type))
        {
            node = JsonValue.Create(text);
        }
        else
        {
            try
            {
                node = JsonNode.Parse(text);
            }
            catch (JsonException)
            {
                // A single name where a list or a group is expected, for example `services: redis`.
                node = JsonValue.Create(text);
            }
        }

        Set(settings, property, key, [], node);
    }

    private void Set(object target, PropertyInfo property, string key, IReadOnlyList<object> path, JsonNode? node)
    {
        var value = Convert(property.PropertyType, property, key, path, node);
        if (value is not null)
        {
            property.SetValue(target, value);
        }
    }

    private object? Convert(Type declared, PropertyInfo property, string key, IReadOnlyList<object> path, JsonNode? node)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (node is null)
        {
            // Not the same as a line that is not there: who wrote it meant something.
            return Problem(key, path, "there is no value", "write one, or remove the line");
        }

        if (SettingValue.IsScalar(type))
        {
            return node is JsonValue value
                ? Scalar(type, property, key, path, value)
                : Problem(key, path, $"a {SettingValue.Word(type)} is expected, not {Shape(node)}", SettingValue.Rule(type, property));
        }

        return ElementType(type) is { } element ? List(element, property, key, path, node) : Group(type, key, path, node);
    }

    private object? List(Type element, PropertyInfo property, string key, IReadOnlyList<object> path, JsonNode node)
    {
        if (node is not JsonArray array)
        {
            return Problem(key, path, $"a list is expected, not {Shape(node)}", "write one entry per line, each after '- '");
        }

        var list = (IList)Create(typeof(List<>).MakeGenericType(element));
        for (var index = 0; index < array.Count; index++)
        {
            if (Convert(element, property, key, [.. path, index], array[index]) is { } item)
            {
                list.Add(item);
            }
        }

        RequireUnique(list, element, property, key, path);
        return list;
    }

    private void RequireUnique(IList list, Type element, PropertyInfo property, string key, IReadOnlyList<object> path)
    {
        if (property.GetCustomAttribute<SettingAttribute>() is not { UniqueBy.Length: > 0 } rule || element.GetProperty(rule.UniqueBy) is not { } member)
        {
            return;
        }

        var name = JsonNamingPolicy.CamelCase.ConvertName(member.Name);
        var first = new Dictionary<object, int>();
        for (var index = 0; index < list.Count; index++)
        {
            if (member.GetValue(list[index]) is { } value && !first.TryAdd(value, index))
            {
                var setting = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
                Refuse(key, [.. path, index], $"the {name} '{value}' is taken by {setting}[{first[value]}]", $"give it another {name}");
            }
        }
    }

    private object? Group(Type type, string key, IReadOnlyList<object> path, JsonNode node)
    {
        if (node is JsonValue single && single.TryGetValue<string>(out var shortForm)
            && type.GetMethod("FromName", BindingFlags.Public | BindingFlags.Static, [typeof(string)]) is { } fromName)
        {
            node = new JsonObject(((IReadOnlyDictionary<string, string>)fromName.Invoke(null, [shortForm])!)
                .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        }

        if (node is not JsonObject map)
        {
            return Problem(key, path, $"a group of settings is expected, not {Shape(node)}", "write 'name: value' lines below it");
        }

        var properties = SettingProperties(type);
        foreach (var unknown in map.Select(pair => pair.Key).Where(name => !properties.ContainsKey(name)))
        {
            Refuse(key, [.. path, unknown], "there is no such setting", Nearest(unknown, properties.Keys));
        }

        var group = Create(type);
        foreach (var (name, property) in properties)
        {
            if (map.TryGetPropertyValue(name, out var value))
            {
                Set(group, property, key, [.. path, name], value);
            }
            else if (IsRequired(property))
            {
                Refuse(key, [.. path, name], "the setting is missing", $"write '{name}: {SettingValue.Example(property)}'");
            }
        }

        return group;
    }

    private object? Scalar(Type type, PropertyInfo property, string key, IReadOnlyList<object> path, JsonValue value)
    {
        var text = value.TryGetValue<string>(out var plain) ? plain : value.ToJsonString();
        var (read, problem, remedy) = SettingValue.Read(type, property, text);
        return problem is null ? read : Problem(key, path, problem, remedy ?? SettingValue.Rule(type, property));
    }

    private object? Problem(string key, IReadOnlyList<object> path, string problem, string remedy)
    {
        Refuse(key, path, problem, remedy);
        return null;
    }

    /// <summary>The type of a list's entries; null for anything else.</summary>
    public static Type? ElementType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static string Shape(JsonNode node) => node switch
    {
        JsonArray => "a list",
        JsonObject => "a group",
        _ => $"'{node}'",
    };
}
