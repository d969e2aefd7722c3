using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>One value of a setting: how its text is read, and what may be written.</summary>
internal static partial class SettingValue
{
    /// <summary>Whether a setting of this type is one value, rather than a list or a group.</summary>
    public static bool IsScalar(Type type) =>
        type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(decimal)
        || type == typeof(Address) || type == typeof(CidrBlock) || type.IsEnum;

    /// <summary>What a value of this type is called.</summary>
    public static string Word(Type type) =>
        type == typeof(int) ? "whole number"
        : type == typeof(decimal) ? "number"
        : type == typeof(bool) ? "true or false"
        : type == typeof(Address) ? "address"
        : type == typeof(CidrBlock) ? "IPv4 block"
        : type.IsEnum ? "name"
        : "text";

    /// <summary>The name by which a file calls a member of an enumeration.</summary>
    public static string NameOf(string member) => JsonNamingPolicy.CamelCase.ConvertName(member);

    /// <summary>The values that a text may take; none where every text is allowed.</summary>
    public static IReadOnlyList<string> Allowed(PropertyInfo property)
    {
        var rule = property.GetCustomAttribute<SettingAttribute>();
        return rule is null ? [] : rule.AllowedKinds ? SettingChoices.ServiceKinds : rule.Allowed;
    }

    /// <summary>What to write where a required setting is missing.</summary>
    public static string Example(PropertyInfo property) => Allowed(property) is { Count: > 0 } allowed ? allowed[0] : "...";

    /// <summary>Reads a text; gives what is wrong with it instead, with the way out where it is not the setting's rule.</summary>
    public static (object? Value, string? Problem, string? Remedy) Read(Type type, PropertyInfo property, string text)
    {
        var rule = property.GetCustomAttribute<SettingAttribute>() ?? throw new InvalidOperationException($"{property} is no setting.");
        if (!rule.Secret && PrivateKey().IsMatch(text))
        {
            // Nor is it shown: a message ends in a log.
            return (
                null,
                "a private key in plain text is never a setting",
                "remove it from the file and from its history, make a new key, and write where that is kept");
        }

        var shown = rule.Secret ? "the value" : $"'{text}'";
        if (type == typeof(bool))
        {
            return bool.TryParse(text, out var flag) ? (flag, null, null) : (null, $"{shown} is neither true nor false", null);
        }

        if (type == typeof(int) || type == typeof(decimal))
        {
            return Number(type, rule, text, shown);
        }

        if (type.IsEnum)
        {
            var match = Enum.GetNames(type).FirstOrDefault(name => NameOf(name) == text);
            return match is null ? (null, $"{shown} is not allowed", null) : (Enum.Parse(type, match), null, null);
        }

        if (type == typeof(Address))
        {
            return AddressOf(text, shown);
        }

        if (type == typeof(CidrBlock))
        {
            try
            {
                return (CidrBlock.Parse(text), null, null);
            }
            catch (FormatException wrong)
            {
                return (null, wrong.Message.TrimEnd('.'), null);
            }
        }

        if (Allowed(property) is { Count: > 0 } allowed && !allowed.Contains(text))
        {
            return (null, $"{shown} is not allowed", null);
        }

        return rule.Pattern.Length == 0 || Regex.IsMatch(text, $"^(?:{rule.Pattern})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))
            ? (text, null, null)
            : (null, $"{shown} is not {rule.PatternMeaning}", null);
    }

    /// <summary>What may be written, in words.</summary>
    public static string Rule(Type type, PropertyInfo property)
    {
        var rule = property.GetCustomAttribute<SettingAttribute>();
        if (type.IsEnum)
        {
            return $"use one of {string.Join(", ", Enum.GetNames(type).Select(NameOf))}";
        }

        if (type == typeof(bool))
        {
            return "write true or false";
        }

        if (type == typeof(Address))
        {
            return "write 0x and 40 hexadecimal digits";
        }

        if (type == typeof(CidrBlock))
        {
            return "write an IPv4 block such as 203.0.113.0/24";
        }

        if (type == typeof(int) || type == typeof(decimal))
        {
            var unit = rule is { Unit.Length: > 0 } ? " " + rule.Unit : "";
            return rule is { Minimum: > double.MinValue, Maximum: < double.MaxValue }
                ? string.Create(CultureInfo.InvariantCulture, $"write a {Word(type)} from {(decimal)rule.Minimum} to {(decimal)rule.Maximum}{unit}")
                : $"write a {Word(type)}{unit}";
        }

        var allowed = Allowed(property);
        if (allowed.Count > 0)
        {
            return $"use one of {string.Join(", ", allowed)}";
        }

        return rule is { PatternMeaning.Length: > 0 } ? $"write {rule.PatternMeaning}" : "write a text";
    }

    private static (object? Value, string? Problem, string? Remedy) Number(Type type, SettingAttribute rule, string text, string shown)
    {
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || (type == typeof(int) && (decimal.Truncate(number) != number || number is > int.MaxValue or < int.MinValue)))
        {
            return (null, $"{shown} is not a {Word(type)}", null);
        }

        if ((double)number < rule.Minimum || (double)number > rule.Maximum)
        {
            return (null, $"{shown} is out of range", null);
        }

        return (type == typeof(int) ? (int)number : (object)number, null, null);
    }

    /// <summary>An address; one in mixed case must have the right checksum, which finds a mistyped digit.</summary>
    private static (object? Value, string? Problem, string? Remedy) AddressOf(string text, string shown)
    {
        if (!Address.TryParse(text, out var address))
        {
            return (null, $"{shown} is not an address", null);
        }

        return AddressChecksum.IsRight(text)
            ? (address, null, null)
            : (null, $"{shown} has a wrong checksum: a digit is mistyped, or its case", "copy the address again from where it came");
    }

    /// <summary>32 bytes in hexadecimal: no setting is that long but a key.</summary>
    [GeneratedRegex("^(0x)?[0-9a-fA-F]{64}$", RegexOptions.CultureInvariant)]
    private static partial Regex PrivateKey();
}
