using System.Formats.Tar;

using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.Marketplace.Credentials;

namespace Jeju.Infra.Marketplace.Backends;

/// <summary>
/// Puts a lease's credentials into its volume before the first start, and reads them again after a restart of the agent. They are in no
/// environment variable, no argument and no label, where an inspection of the container would show them; they go with the volume.
/// </summary>
internal sealed class WorkloadSecrets
{
    private const string Folder = "secret";
    private const string CredentialsFile = Folder + "/credentials.json";
    private const int LongestFile = 64 * 1024;

    private const UnixFileMode OwnerReads = UnixFileMode.UserRead;
    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly DockerEngine _docker;

    public WorkloadSecrets(DockerEngine docker) => _docker = docker;

    /// <summary>The credentials in a container's volume; null where none were written, or the write was cut off.</summary>
    public async Task<ServiceCredentials?> ReadAsync(string container, CancellationToken cancellationToken)
    {
        using MemoryStream? archive = await _docker
            .GetArchiveAsync(container, $"{WorkloadTemplate.DataPath}/{CredentialsFile}", cancellationToken).ConfigureAwait(false);
        if (archive is null)
        {
            return null;
        }

        using TarReader reader = new(archive);
        TarEntry? entry = await reader.GetNextEntryAsync(copyData: true, cancellationToken).ConfigureAwait(false);
        if (entry?.DataStream is not { Length: > 0 and <= LongestFile } data)
        {
            return null;
        }

        byte[] text = new byte[data.Length];
        await data.ReadExactlyAsync(text, cancellationToken).ConfigureAwait(false);
        return LeaseCredentials.TryRead(text);
    }

    /// <summary>
    /// Writes the kind's files and, last, the credentials: their presence says that everything before them is complete. The container must not
    /// have been started on this volume yet.
    /// </summary>
    public async Task WriteAsync(
        string container, WorkloadTemplate template, LeaseSecrets secrets, CancellationToken cancellationToken)
    {
        using MemoryStream archive = new();
        TarWriter tar = new(archive, TarEntryFormat.Pax, leaveOpen: true);
        await using (tar.ConfigureAwait(false))
        {
            // The volume's own root belongs to whoever Docker says; the service must own it to make its folders there.
            await WriteFolderAsync(tar, "./", template.UserId, cancellationToken).ConfigureAwait(false);
            await WriteFolderAsync(tar, Folder, template.UserId, cancellationToken).ConfigureAwait(false);
            foreach (WorkloadFile file in secrets.Files)
            {
                await WriteFileAsync(tar, file.Path, System.Text.Encoding.UTF8.GetBytes(file.Content), template.UserId, cancellationToken)
                    .ConfigureAwait(false);
            }

            await WriteFileAsync(tar, CredentialsFile, LeaseCredentials.ToBytes(secrets.Credentials), template.UserId, cancellationToken)
                .ConfigureAwait(false);
        }

        archive.Position = 0;
        await _docker.PutArchiveAsync(container, WorkloadTemplate.DataPath, archive, cancellationToken).ConfigureAwait(false);
    }

    private static Task WriteFolderAsync(TarWriter tar, string path, int owner, CancellationToken cancellationToken) => tar.WriteEntryAsync(
        new PaxTarEntry(TarEntryType.Directory, path) { Mode = OwnerFolder, Uid = owner, Gid = owner, ModificationTime = DateTimeOffset.UnixEpoch },
        cancellationToken);

    private static async Task WriteFileAsync(TarWriter tar, string path, byte[] content, int owner, CancellationToken cancellationToken)
    {
        using MemoryStream data = new(content, writable: false);
        PaxTarEntry entry = new(TarEntryType.RegularFile, path)
        {
            Mode = OwnerReads,
            Uid = owner,
            Gid = owner,
            ModificationTime = DateTimeOffset.UnixEpoch,
            DataStream = data,
        };
        await tar.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
    }
}
