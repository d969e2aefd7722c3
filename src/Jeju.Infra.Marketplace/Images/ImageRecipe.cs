using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Images;

/// <summary>
/// How an image is built out of Debian packages where no registry can be reached: <c>images/&lt;name&gt;/recipe.json</c>, and beside it
/// <c>rootfs/</c> with files that go into the image as they are.
/// </summary>
public sealed class ImageRecipe
{
    // Part of the tag: raise it when the builder makes another root file system out of the same recipe.
    private const string BuilderFormat = "1";

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private ImageRecipe(string name, RecipeContent content, IReadOnlyList<RecipeFile> files, IReadOnlyList<ProgramFile> program, string hash)
    {
        Name = name;
        Content = content;
        Files = files;
        Program = program;
        Hash = hash;
    }

    /// <summary>The recipe's name, which is its folder's.</summary>
    public string Name { get; }

    /// <summary>The image's repository in the daemon's store.</summary>
    public string Repository => $"jeju/{Name}";

    /// <summary>The image's tag: the same recipe gives the same tag on every machine of one architecture.</summary>
    public string Tag => $"recipe-{Hash[..16]}";

    /// <summary>The image's full name.</summary>
    public string Reference => $"{Repository}:{Tag}";

    /// <summary>SHA-256 of everything that the recipe says, in hexadecimal.</summary>
    public string Hash { get; }

    internal RecipeContent Content { get; }

    internal IReadOnlyList<RecipeFile> Files { get; }

    /// <summary>The files of this checkout's own program, and of the runtime that it needs; none for a recipe of packages alone.</summary>
    internal IReadOnlyList<ProgramFile> Program { get; }

    /// <summary>Reads a recipe.</summary>
    /// <param name="layout">The checkout with the recipes and the built program.</param>
    /// <param name="name">The recipe's name.</param>
    /// <returns>The recipe, or null where there is none of that name.</returns>
    /// <exception cref="InfraException">JEJU0611: the file is not a recipe, or the program that it packs is not built.</exception>
    public static ImageRecipe? Find(RepositoryLayout layout, string name)
    {
        string folder = Path.Combine(layout.ImagesFolder, name);
        string path = Path.Combine(folder, "recipe.json");
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] text = File.ReadAllBytes(path);
        RecipeContent content;
        try
        {
            content = JsonSerializer.Deserialize<RecipeContent>(text, JsonOptions) ?? throw new JsonException("The file is empty.");
        }
        catch (JsonException cause)
        {
            throw new InfraException(
                MarketplaceErrors.RecipeFailed, $"{path} is not an image recipe: {cause.Message}", "Correct the file.", innerException: cause);
        }

        IReadOnlyList<RecipeFile> files = ReadFiles(Path.Combine(folder, "rootfs"));
        IReadOnlyList<ProgramFile> program = content.Program is { } place ? ProgramFile.Of(layout.CommandLineTool, place) : [];
        return new ImageRecipe(name, content, files, program, HashOf(text, files, program));
    }

    private static List<RecipeFile> ReadFiles(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => new RecipeFile(
                Path.GetRelativePath(folder, path).Replace('\\', '/'),
                File.ReadAllBytes(path),
                !OperatingSystem.IsWindows() && File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute)))
            .OrderBy(file => file.Path, StringComparer.Ordinal)
            .ToList();
    }

    private static string HashOf(byte[] recipe, IReadOnlyList<RecipeFile> files, IReadOnlyList<ProgramFile> program)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(Encoding.UTF8.GetBytes($"{BuilderFormat} {RuntimeInformation.OSArchitecture}"));
        Append(recipe);
        foreach (RecipeFile file in files)
        {
            Append(Encoding.UTF8.GetBytes(file.Path));
            Append([file.IsExecutable ? (byte)1 : (byte)0]);
            Append(file.Content);
        }

        foreach (ProgramFile file in program)
        {
            Append(Encoding.UTF8.GetBytes(file.Path));
            Append([file.IsExecutable ? (byte)1 : (byte)0]);
            using FileStream content = File.OpenRead(file.Source);
            Append(SHA256.HashData(content));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        // Each part with its length, so that no two recipes give the same bytes.
        void Append(byte[] part)
        {
            hash.AppendData(BitConverter.GetBytes((long)part.Length));
            hash.AppendData(part);
        }
    }
}

/// <summary>What recipe.json says.</summary>
/// <param name="Description">One sentence on what is in the image.</param>
/// <param name="Packages">Debian packages; what they depend on comes along.</param>
/// <param name="WithoutPackages">Dependencies that the service does not need, by name, <c>*</c> for any text.</param>
/// <param name="WithoutPaths">Files and folders that it does not need, relative to the root, <c>*</c> for any text.</param>
/// <param name="SharedFolders">Folders that anybody may write to: a memory file system mounted there takes over their mode.</param>
/// <param name="Links">Symbolic links: path relative to the root, and target.</param>
/// <param name="User">The account that the service runs as.</param>
/// <param name="Entrypoint">The program.</param>
/// <param name="Verify">A command that must succeed in the finished image.</param>
/// <param name="Program">The folder, relative to the root, of this checkout's own program; absent where the packages hold all that is needed.</param>
internal sealed record RecipeContent(
    string Description,
    IReadOnlyList<string> Packages,
    IReadOnlyList<string> WithoutPackages,
    IReadOnlyList<string> WithoutPaths,
    IReadOnlyList<string> SharedFolders,
    IReadOnlyDictionary<string, string> Links,
    RecipeUser User,
    IReadOnlyList<string> Entrypoint,
    IReadOnlyList<string> Verify,
    string? Program = null);

/// <summary>An account of an image.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its user and group id.</param>
internal sealed record RecipeUser(string Name, int Id);

/// <summary>A file that goes into the image as it is.</summary>
/// <param name="Path">Relative to the root.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="IsExecutable">Mode 0755 rather than 0644.</param>
internal sealed record RecipeFile(string Path, byte[] Content, bool IsExecutable);
