using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>
/// Binds the texts of a stack's configuration to a settings record. All problems are collected and reported together, each with the setting's
/// name, what is allowed and the line in the file.
/// </summary>
/// <param name="file">The settings file, for line numbers.</param>
internal sealed class SettingsReader(SettingsFile file)
{
    /// <summary>The namespace of the program's own settings: the project's name.</summary>
    public const string Namespace = "jeju-infra";

    private readonly List<SettingsProblem> _problems = [];

    /// <summary>Binds all values, or throws one error that lists everything that is wrong.</summary>
    /// <param name="values">Full key to text, as the engine hands them over.</param>
    public TSettings Read<TSettings>(IReadOnlyDictionary<string, string> values)
        where TSettings : class
    {
        var properties = SettingProperties(typeof(TSettings));
        foreach (var key in values.Keys.Concat(file.Keys).Distinct().Where(IsOurs).Order(StringComparer.Ordinal))
        {
            var name = key[(Namespace.Length + 1)..];
            if (!properties.ContainsKey(name))
            {
                Refuse(key, [], "there is no such setting", Nearest(name, properties.Keys));
            }
        }

        var settings = Create(typeof(TSettings));
        foreach (var (name, property) in properties)
        {
            var key = $"{Namespace}:{name}";
            if (values.TryGetValue(key, out var text))
            {
                SetFromText(settings, property, key, text);
            }
            else if (IsRequired(property))
            {
                Refuse(key, [], "the setting is missing", $"write '{key}: {Example(property)}' below 'config:'");
            }
        }

        return _problems.Count == 0 ? (TSettings)settings : throw SettingsProblem.ToError(_problems);
    }

    /// <summary>The settings of a record by the name that the file uses.</summary>
    public static IReadOnlyDictionary<string, PropertyInfo> SettingProperties(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetCustomAttribute<SettingAttribute>() is not null)
        .ToDictionary(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name), StringComparer.Ordinal);

    private static bool IsOurs(string key) => key.StartsWith(Namespace + ":", StringComparison.Ordinal);

    private static bool IsRequired(PropertyInfo property) =>
        property.GetCustomAttribute<System.Runtime.CompilerServices.RequiredMemberAttribute>() is not null;

    private static object Create(Type type) =>
        Activator.CreateInstance(type) ?? throw new InvalidOperationException($"{type} cannot be created.");

    private static string Nearest(string name, IEnumerable<string> known)
    {
        var all = known.Order(StringComparer.Ordinal).ToList();
        var near = all.FirstOrDefault(candidate => EditDistance(candidate, name) <= 2);
        return near is null ? $"use one of {string.Join(", ", all)}" : $"did you mean '{near}'? (all: {string.Join(", ", all)})";
    }

    private static int EditDistance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
            }

            previous = current;
        }

        return previous[right.Length];
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
        if (IsScalar(type))
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
            return null;
        }

        if (IsScalar(type))
        {
            return node is JsonValue value
                ? Scalar(type, property, key, path, value)
                : Problem(key, path, $"a {Word(type)} is expected, not {Shape(node)}", Rule(type, property));
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
                Refuse(key, [.. path, name], "the setting is missing", $"write '{name}: {Example(property)}'");
            }
        }

        return group;
    }

    private object? Scalar(Type type, PropertyInfo property, string key, IReadOnlyList<object> path, JsonValue value)
    {
        var text = value.TryGetValue<string>(out var plain) ? plain : value.ToJsonString();
        var rule = property.GetCustomAttribute<SettingAttribute>() ?? throw new InvalidOperationException($"{property} is no setting.");
        var remedy = Rule(type, property);
        var shown = rule.Secret ? "the value" : $"'{text}'";

        if (type == typeof(bool))
        {
            return bool.TryParse(text, out var flag) ? flag : Problem(key, path, $"{shown} is neither true nor false", remedy);
        }

        if (type == typeof(int) || type == typeof(decimal))
        {
            if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                || (type == typeof(int) && (decimal.Truncate(number) != number || number is > int.MaxValue or < int.MinValue)))
            {
                return Problem(key, path, $"{shown} is not a {Word(type)}", remedy);
            }

            if ((double)number < rule.Minimum || (double)number > rule.Maximum)
            {
                return Problem(key, path, $"{shown} is out of range", remedy);
            }

            if (type == typeof(int))
            {
                return (int)number;
            }

            return number;
        }

        if (type.IsEnum)
        {
            var match = Enum.GetNames(type).FirstOrDefault(name => JsonNamingPolicy.CamelCase.ConvertName(name) == text);
            return match is null ? Problem(key, path, $"{shown} is not allowed", remedy) : Enum.Parse(type, match);
        }

        if (type == typeof(Address))
        {
            return Address.TryParse(text, out var address) ? address : Problem(key, path, $"{shown} is not an address", remedy);
        }

        if (Allowed(property) is { Count: > 0 } allowed && !allowed.Contains(text))
        {
            return Problem(key, path, $"{shown} is not allowed", remedy);
        }

        return rule.Pattern.Length == 0 || Regex.IsMatch(text, $"^(?:{rule.Pattern})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))
            ? text
            : Problem(key, path, $"{shown} is not {rule.PatternMeaning}", remedy);
    }

    private object? Problem(string key, IReadOnlyList<object> path, string problem, string remedy)
    {
        Refuse(key, path, problem, remedy);
        return null;
    }

    private static IReadOnlyList<string> Allowed(PropertyInfo property)
    {
        var rule = property.GetCustomAttribute<SettingAttribute>();
        return rule is null ? [] : rule.AllowedKinds ? SettingChoices.ServiceKinds : rule.Allowed;
    }

    private static string Rule(Type type, PropertyInfo property)
    {
        var rule = property.GetCustomAttribute<SettingAttribute>();
        if (type.IsEnum)
        {
            return $"use one of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))}";
        }

        if (type == typeof(bool))
        {
            return "write true or false";
        }

        if (type == typeof(Address))
        {
            return "write 0x and 40 hexadecimal digits";
        }

        if (type == typeof(int) || type == typeof(decimal))
        {
            var unit = rule is { Unit.Length: > 0 } ? " " + rule.Unit : "";
            return rule is { Minimum: > double.MinValue, Maximum: < double.MaxValue }
                ? string.Create(CultureInfo.InvariantCulture, $"write a {Word(type)} from {rule.Minimum} to {rule.Maximum}{unit}")
                : $"write a {Word(type)}{unit}";
        }

        var allowed = Allowed(property);
        if (allowed.Count > 0)
        {
            return $"use one of {string.Join(", ", allowed)}";
        }

        return rule is { PatternMeaning.Length: > 0 } ? $"write {rule.PatternMeaning}" : "write a text";
    }

    private static string Example(PropertyInfo property) => Allowed(property) is { Count: > 0 } allowed ? allowed[0] : "...";

    private static bool IsScalar(Type type) =>
        type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(decimal) || type == typeof(Address) || type.IsEnum;

    private static Type? ElementType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static string Word(Type type) =>
        type == typeof(int) ? "whole number" : type == typeof(decimal) ? "number" : type == typeof(bool) ? "true or false" : "text";

    private static string Shape(JsonNode node) => node switch
    {
        JsonArray => "a list",
        JsonObject => "a group",
        _ => $"'{node}'",
    };
}
