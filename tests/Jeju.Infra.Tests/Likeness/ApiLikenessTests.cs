using System.IO.Compression;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Jeju.Infra.Tests.Likeness;

/// <summary>What a program can see of the SDKs exists in the official ones, so that it compiles against either.</summary>
public sealed partial class ApiLikenessTests
{
    /// <summary>Members that came with the release of Pulumi.Docker that the project uses, which is one later than that of the listing.</summary>
    private static readonly string[] NewInDocker = ["DeviceCgroupRules", "ContainerUploadArgs.Group", "ContainerUploadArgs.Owner", "ContainerUpload.Group", "ContainerUpload.Owner"];

    [SharedReferenceTheory]
    [InlineData("Pulumi")]
    [InlineData("Pulumi.Automation")]
    [InlineData("Pulumi.Docker")]
    [InlineData("Pulumi.Kubernetes")]
    [InlineData("Pulumi.Aws")]
    [InlineData("Pulumi.Gcp")]
    public void Every_public_member_exists_in_the_official_assembly(string assembly)
    {
        var official = ReadListing(assembly);

        var ours = PublicApi.Of(Assembly.Load(assembly)).Where(line => assembly != "Pulumi.Docker" || !NewInDocker.Any(line.Contains)).ToArray();

        Assert.NotEmpty(ours);
        var unknown = string.Join('\n', ours.Except(official));
        Assert.True(unknown.Length == 0, unknown);
    }

    private static HashSet<string> ReadListing(string assembly)
    {
        using var file = File.OpenRead(SharedReference.PathOf("api", $"{assembly}.api.txt.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        return [.. reader.ReadToEnd().Split('\n').Select(line => Obsolete().Replace(line, string.Empty))];
    }

    [GeneratedRegex(@" \[Obsolete\(("".*?"")?\)\]")]
    private static partial Regex Obsolete();
}
