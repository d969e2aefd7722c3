using System.Formats.Tar;
using System.Text;

namespace Jeju.Infra.Marketplace.Images;

/// <summary>
/// Writes a root file system as a tar stream: the contents of Debian packages without what a container never reads, with /bin, /sbin and /lib
/// merged into /usr as in every current Debian, and the recipe's own files, links and account. Owners are root, times are zero.
/// </summary>
internal sealed class RootFileSystem : IAsyncDisposable
{
    /// <summary>Left out of every image: documentation, translations, service managers, character set modules. Licences stay.</summary>
    private static readonly string[] NeverNeeded =
    [
        "usr/share/man", "usr/share/locale", "usr/share/info", "usr/share/lintian", "usr/share/bash-completion", "usr/share/bug",
        "usr/share/doc-base", "usr/share/gcc", "usr/share/gdb", "usr/share/menu", "usr/share/debconf", "usr/share/perl5", "usr/share/postgresql-common",
        "usr/lib/systemd", "usr/lib/init", "usr/lib/*/gconv", "usr/lib/*/audit", "usr/lib/*/perl*", "usr/lib/tmpfiles.d", "usr/lib/sysusers.d",
        "etc/init.d", "etc/systemd", "etc/cron*", "etc/logcheck", "etc/gss", "etc/apt", "etc/dpkg", "var/lib", "var/cache", "var/log",
    ];

    private static readonly string[] MergedIntoUsr = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];

    private readonly TarWriter _tar;
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    public RootFileSystem(Stream output) => _tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true);

    /// <summary>Writes the folders, links and account files that every image has, and the recipe's.</summary>
    public async Task WriteFoundationAsync(RecipeContent recipe, IReadOnlyList<RecipeFile> files, CancellationToken cancellationToken)
    {
        foreach (string folder in new[] { "usr", "etc", "dev", "proc", "sys", "run", "var" })
        {
            await WriteFolderAsync(folder, 0, OwnerWrites, cancellationToken).ConfigureAwait(false);
        }

        const UnixFileMode EveryoneWrites = OwnerWrites | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.StickyBit;
        foreach (string folder in recipe.SharedFolders.Prepend("tmp"))
        {
            await WriteFolderAsync(folder, 0, EveryoneWrites, cancellationToken).ConfigureAwait(false);
        }

        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        await WriteFolderAsync("data", recipe.User.Id, OwnerOnly, cancellationToken).ConfigureAwait(false);
        foreach (string name in MergedIntoUsr)
        {
            await WriteLinkAsync(name, "usr/" + name, cancellationToken).ConfigureAwait(false);
        }

        foreach ((string path, string target) in recipe.Links.OrderBy(link => link.Key, StringComparer.Ordinal))
        {
            await WriteLinkAsync(path, target, cancellationToken).ConfigureAwait(false);
        }

        RecipeUser user = recipe.User;
        await WriteFileAsync(
            "etc/passwd", $"root:x:0:0:root:/:/nonexistent\n{user.Name}:x:{user.Id}:{user.Id}::/data:/nonexistent\n", cancellationToken)
            .ConfigureAwait(false);
        await WriteFileAsync("etc/group", $"root:x:0:\n{user.Name}:x:{user.Id}:\n", cancellationToken).ConfigureAwait(false);
        await WriteFileAsync("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n", cancellationToken).ConfigureAwait(false);
        foreach (RecipeFile file in files)
        {
            await WriteFileAsync(file.Path, file.Content, file.IsExecutable, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Adds a package's contents, given as its tar stream. What is there already stays.</summary>
    public async Task AddPackageAsync(Stream packageContents, IReadOnlyList<string> without, CancellationToken cancellationToken)
    {
        using TarReader reader = new(packageContents, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: true, cancellationToken).ConfigureAwait(false) is { } entry)
        {
            string path = Merge(Normalize(entry.Name));
            if (path.Length == 0 || IsLeftOut(path, without) || !_written.Add(path))
            {
                continue;
            }

            PaxTarEntry copy = new(entry.EntryType is TarEntryType.V7RegularFile ? TarEntryType.RegularFile : entry.EntryType, path)
            {
                // Set-user-id programs have no place in a container that may not gain privileges.
                Mode = entry.Mode & ~(UnixFileMode.SetUser | UnixFileMode.SetGroup),
                ModificationTime = DateTimeOffset.UnixEpoch,
            };
            if (entry.EntryType == TarEntryType.SymbolicLink)
            {
                copy.LinkName = entry.LinkName;
            }
            else if (entry.EntryType == TarEntryType.HardLink)
            {
                copy.LinkName = Merge(Normalize(entry.LinkName));
            }
            else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                copy.DataStream = entry.DataStream;
            }
            else if (entry.EntryType != TarEntryType.Directory)
            {
                continue;
            }

            await _tar.WriteEntryAsync(copy, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Adds a file of this machine. What is there already stays.</summary>
    public async Task AddFileAsync(ProgramFile file, IReadOnlyList<string> without, CancellationToken cancellationToken)
    {
        if (!NamePattern.CoversAny(without, file.Path) && _written.Add(file.Path))
        {
            FileStream content = File.OpenRead(file.Source);
            await using (content.ConfigureAwait(false))
            {
                await WriteFileAsync(file.Path, content, file.IsExecutable, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public ValueTask DisposeAsync() => _tar.DisposeAsync();

    private const UnixFileMode OwnerWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static bool IsLeftOut(string path, IReadOnlyList<string> without)
    {
        if (path.StartsWith("usr/share/doc/", StringComparison.Ordinal))
        {
            return Path.GetFileName(path) != "copyright";
        }

        return NamePattern.CoversAny(NeverNeeded, path) || NamePattern.CoversAny(without, path);
    }

    /// <summary>A name in the archive without the leading "./" and trailing "/"; an entry that points outside is refused.</summary>
    private static string Normalize(string name)
    {
        string path = name.TrimEnd('/');
        path = path == "." ? string.Empty : path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path.TrimStart('/');
        return path.Split('/').Contains("..")
            ? throw new InvalidDataException($"A package holds the path '{name}', which leaves its root.")
            : path;
    }

    private static string Merge(string path) => MergedIntoUsr.Contains(path.Split('/')[0]) ? "usr/" + path : path;

    private Task WriteFolderAsync(string path, int owner, UnixFileMode mode, CancellationToken cancellationToken)
    {
        _written.Add(path);
        PaxTarEntry entry = new(TarEntryType.Directory, path) { Mode = mode, Uid = owner, Gid = owner, ModificationTime = DateTimeOffset.UnixEpoch };
        return _tar.WriteEntryAsync(entry, cancellationToken);
    }

    private Task WriteLinkAsync(string path, string target, CancellationToken cancellationToken)
    {
        _written.Add(path);
        PaxTarEntry entry = new(TarEntryType.SymbolicLink, path) { LinkName = target, ModificationTime = DateTimeOffset.UnixEpoch };
        return _tar.WriteEntryAsync(entry, cancellationToken);
    }

    private Task WriteFileAsync(string path, string text, CancellationToken cancellationToken) =>
        WriteFileAsync(path, Encoding.UTF8.GetBytes(text), executable: false, cancellationToken);

    private Task WriteFileAsync(string path, byte[] content, bool executable, CancellationToken cancellationToken)
    {
        _written.Add(path);
        return WriteFileAsync(path, new MemoryStream(content, writable: false), executable, cancellationToken);
    }

    private Task WriteFileAsync(string path, Stream content, bool executable, CancellationToken cancellationToken)
    {
        PaxTarEntry entry = new(TarEntryType.RegularFile, path)
        {
            Mode = executable ? OwnerWrites : OwnerWrites & ~(UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute),
            ModificationTime = DateTimeOffset.UnixEpoch,
            DataStream = content,
        };
        return _tar.WriteEntryAsync(entry, cancellationToken);
    }
}
