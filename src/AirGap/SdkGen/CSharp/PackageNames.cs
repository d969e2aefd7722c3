using System.Text.RegularExpressions;

namespace Jeju.Infra.AirGap.SdkGen.CSharp;

/// <summary>Where the types of a package are in C#.</summary>
/// <param name="package">The name on the wire, such as aws.</param>
/// <param name="dialect">The spellings of the package.</param>
internal sealed partial class PackageNames(string package, Dialect dialect)
{
    /// <summary>Such as Aws.</summary>
    public string Title { get; } = Dialect.Capital(package);

    /// <summary>Such as Pulumi.Aws.</summary>
    public string Root => $"Pulumi.{Title}";

    /// <summary>Kubernetes keeps arguments and outputs of all groups below one namespace.</summary>
    public bool IsKubernetes { get; } = package == "kubernetes";

    public Dialect Dialect { get; } = dialect;

    /// <summary>The namespace of a module, such as ec2 or core/v1; empty for the package itself.</summary>
    public string Module(IEnumerable<string> path) => string.Join('.', path.Select(Dialect.Namespace).Prepend(Root));

    /// <summary>The namespace of a module's Inputs or Outputs.</summary>
    public string Nested(IReadOnlyCollection<string> path, string kind) => IsKubernetes
        ? string.Join('.', (path.Count == 0 ? ["Provider"] : path.Select(Dialect.Namespace)).Prepend($"{Root}.Types.{kind}"))
        : $"{Module(path)}.{kind}";

    /// <summary>Where a token's files are: ec2/vpc:Vpc is ec2/vpc, networking.k8s.io/v1:Ingress is networking/v1/ingress.</summary>
    public (string File, string[] Module, string Name) Locate(string token)
    {
        var (module, name) = token.Split(':') is [var first, var second] ? (first, second) : throw new InvalidDataException($"'{token}' is no MODULE:NAME.");
        var parts = module.Split('/');
        if (IsKubernetes && parts[0] != "index")
        {
            var group = parts[0].Split('.')[0];
            string[] path = parts.Length > 1 ? [group, parts[1]] : [group];
            return ($"{string.Join('/', path)}/{char.ToLowerInvariant(name[0])}{name[1..]}", path, name);
        }
        // The file of a resource that is called Index steps aside for the module's own.
        return parts[0] == "index" ? (parts[1], [], name) : (parts[^1] == "index" ? $"{module}_" : module, parts[..^1], name);
    }

    /// <summary>A name as a parameter: a keyword gets an at sign, and what is no name at all loses its signs.</summary>
    public static string Parameter(string name) => "@" + NoName().Replace(name, string.Empty);

    [GeneratedRegex(@"[^A-Za-z0-9_]")]
    private static partial Regex NoName();
}
