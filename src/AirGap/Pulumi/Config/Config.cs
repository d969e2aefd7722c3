using System.Globalization;
using System.Text.Json;

namespace Pulumi;

/// <summary>The settings of a stack under one namespace.</summary>
public sealed class Config
{
    private readonly string name;

    public Config(string? name = null)
    {
        name ??= Deployment.Required.ProjectName;
        // "project:config" is an older way to write "project".
        this.name = name.EndsWith(":config", StringComparison.Ordinal) ? name[..^":config".Length] : name;
    }

    public string? Get(string key)
    {
        if (Deployment.Required.Settings.ConfigSecretKeys.Contains(FullKey(key)))
        {
            Log.Warn($"Configuration '{FullKey(key)}' value is a secret; use `GetSecret` instead of `Get`");
        }
        return Find(key);
    }

    public bool? GetBoolean(string key) => Parse(key, Get(key), ParseBoolean);

    public int? GetInt32(string key) => Parse(key, Get(key), ParseInt32);

    public double? GetDouble(string key) => Parse(key, Get(key), ParseDouble);

    public T? GetObject<T>(string key) => ParseObject<T>(key, Get(key), null);

    public T? GetObject<T>(string key, JsonSerializerOptions options) => ParseObject<T>(key, Get(key), options);

    public Output<string>? GetSecret(string key) => Find(key) is { } value ? Output.CreateSecret(value) : null;

    public Output<bool>? GetSecretBoolean(string key) => Parse(key, Find(key), ParseBoolean) is { } value ? Output.CreateSecret(value) : null;

    public Output<int>? GetSecretInt32(string key) => Parse(key, Find(key), ParseInt32) is { } value ? Output.CreateSecret(value) : null;

    public Output<double>? GetSecretDouble(string key) => Parse(key, Find(key), ParseDouble) is { } value ? Output.CreateSecret(value) : null;

    public Output<T?>? GetSecretObject<T>(string key) => Find(key) is { } text ? Output.CreateSecret(ParseObject<T>(key, text, null)) : null;

    public Output<T?>? GetSecretObject<T>(string key, JsonSerializerOptions options) =>
        Find(key) is { } text ? Output.CreateSecret(ParseObject<T>(key, text, options)) : null;

    public string Require(string key) => Get(key) ?? throw Missing(key);

    public bool RequireBoolean(string key) => GetBoolean(key) ?? throw Missing(key);

    public int RequireInt32(string key) => GetInt32(key) ?? throw Missing(key);

    public double RequireDouble(string key) => GetDouble(key) ?? throw Missing(key);

    public T? RequireObject<T>(string key) => ParseObject<T>(key, Require(key), null);

    public T? RequireObject<T>(string key, JsonSerializerOptions options) => ParseObject<T>(key, Require(key), options);

    public Output<string> RequireSecret(string key) => GetSecret(key) ?? throw Missing(key);

    public Output<bool> RequireSecretBoolean(string key) => GetSecretBoolean(key) ?? throw Missing(key);

    public Output<int> RequireSecretInt32(string key) => GetSecretInt32(key) ?? throw Missing(key);

    public Output<double> RequireSecretDouble(string key) => GetSecretDouble(key) ?? throw Missing(key);

    public Output<T?> RequireSecretObject<T>(string key) => GetSecretObject<T>(key) ?? throw Missing(key);

    public Output<T?> RequireSecretObject<T>(string key, JsonSerializerOptions options) => GetSecretObject<T>(key, options) ?? throw Missing(key);

    private string FullKey(string key) => $"{name}:{key}";

    private string? Find(string key) => Deployment.Required.Settings.Config.GetValueOrDefault(FullKey(key));

    private T? Parse<T>(string key, string? text, Func<string, T?> parse)
        where T : struct =>
        text is null ? null : parse(text) ?? throw WrongType(key, typeof(T), null);

    private static bool? ParseBoolean(string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ => null,
    };

    private static int? ParseInt32(string text) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static double? ParseDouble(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private T? ParseObject<T>(string key, string? text, JsonSerializerOptions? options)
    {
        try
        {
            return text is null ? default : JsonSerializer.Deserialize<T>(text, options);
        }
        catch (JsonException exception)
        {
            throw WrongType(key, typeof(T), exception);
        }
    }

    private RunException Missing(string key) =>
        new($"Missing required configuration variable '{FullKey(key)}'\n\tplease set a value using the command `pulumi config set {FullKey(key)} <value>`");

    // The value is not named: it may be secret.
    private RunException WrongType(string key, Type type, Exception? inner) => new($"Configuration '{FullKey(key)}' is not a valid {type.Name}.", inner);
}
