using System.Formats.Tar;
using System.Text.Json;

using Jeju.Infra.Cli;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.Marketplace;
using Jeju.Infra.Marketplace.Images;

using Spectre.Console;

namespace Jeju.Infra.EndToEnd.Marketplace;

/// <summary>Images from a real registry: pinned by the command, pulled by their digest, and refused where the registry has another.</summary>
public sealed class RegistryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-pin-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [RegistryFact]
    public async Task A_pinned_image_is_pulled_by_its_digest_also_when_its_tag_has_moved_and_a_wrong_digest_is_refused()
    {
        await using LocalRegistry registry = await LocalRegistry.StartAsync();
        using DockerEngine docker = new(TimeProvider.System);
        ServiceImage image = new($"{registry.Address}/jeju/redis:1.0", Recipe: null);
        RepositoryLayout layout = new(_folder);
        ImageStore images = new(docker, layout, TimeProvider.System);
        string lockFile = Path.Combine(layout.ImagesFolder, "images.lock.json");
        Directory.CreateDirectory(layout.ImagesFolder);
        await File.WriteAllTextAsync(lockFile, """{ "kept.example/other:1": "sha256:00" }""");
        AvailableImage built = await new ImageStore(docker, JejuScript.Layout, TimeProvider.System)
            .BuildAsync(ServiceCatalog.Find("redis").Workload!.Image, null, default);
        List<string> made = [];
        try
        {
            await registry.PushAsync(built.Reference, image.Registry);
            (int exitCode, string output) = await JejuAsync(layout, "images", "pin", "--image", image.Registry, "--json");
            string digest = JsonSerializer.Deserialize<Dictionary<string, string>>(output)![image.Registry];
            string other = await ImportAsync(docker, $"jeju-test/{Path.GetFileName(_folder).ToLowerInvariant()}");
            made.Add(other);
            await registry.PushAsync(other, image.Registry);

            // The digest holds although the tag now names something else.
            AvailableImage pinned = await images.EnsureAsync(image, null, default);
            made.Add(pinned.Reference);
            Assert.Equal(0, exitCode);
            Assert.Equal(digest, ImageLock.Read(layout).Digests[image.Registry]);
            Assert.Equal("sha256:00", ImageLock.Read(layout).Digests["kept.example/other:1"]);
            Assert.Equal($"{registry.Address}/jeju/redis@{digest}", pinned.Reference);
            Assert.Equal(built.Id, pinned.Id);

            // A digest that the registry does not have is no other image's.
            string wrong = digest[..^1] + (digest[^1] == '0' ? '1' : '0');
            await File.WriteAllTextAsync(lockFile, JsonSerializer.Serialize(new Dictionary<string, string> { [image.Registry] = wrong }));
            InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => images.EnsureAsync(image, null, default));
            Assert.Equal(MarketplaceErrors.ImageUnavailable, refusal.Code);
            Assert.Contains("Nothing was ordered", refusal.Remedy, StringComparison.Ordinal);
            Assert.Null(await docker.FindImageAsync($"{registry.Address}/jeju/redis@{wrong}", default));

            // Without a pin the tag decides; the layers come over the wire, because the daemon has them no more.
            DockerImage imported = (await docker.FindImageAsync(other, default))!;
            await docker.RemoveImageAsync(other, default);
            File.Delete(lockFile);
            AvailableImage moved = await images.EnsureAsync(image, null, default);
            made.Add(moved.Reference);
            Assert.Equal(imported.Id, moved.Id);
        }
        finally
        {
            foreach (string reference in made)
            {
                await docker.RemoveImageAsync(reference, default);
            }
        }

        Assert.NotNull(await docker.FindImageAsync(built.Reference, default));
    }

    [RegistryFact]
    public async Task A_pin_that_cannot_be_resolved_leaves_the_lock_file_as_it_was()
    {
        await using LocalRegistry registry = await LocalRegistry.StartAsync();
        RepositoryLayout layout = new(_folder);
        Directory.CreateDirectory(layout.ImagesFolder);
        string lockFile = Path.Combine(layout.ImagesFolder, "images.lock.json");
        await File.WriteAllTextAsync(lockFile, "{}");

        (int missing, _) = await JejuAsync(layout, "images", "pin", "--image", $"{registry.Address}/jeju/nothing:1");
        (int withoutTag, _) = await JejuAsync(layout, "images", "pin", "--image", $"{registry.Address}/jeju/nothing");

        Assert.Equal((1, 2), (missing, withoutTag));
        Assert.Equal("{}", await File.ReadAllTextAsync(lockFile));
    }

    /// <summary>An image of one small file, whose content no other image has.</summary>
    private static async Task<string> ImportAsync(DockerEngine docker, string repository)
    {
        await docker.ImportImageAsync(
            repository,
            "1",
            ["LABEL network.jeju.test=registry"],
            async (stream, stop) =>
            {
                await using TarWriter tar = new(stream, leaveOpen: true);
                using MemoryStream content = new(System.Text.Encoding.UTF8.GetBytes(repository));
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "name") { DataStream = content }, stop);
            },
            default);
        return repository + ":1";
    }

    private static async Task<(int ExitCode, string Output)> JejuAsync(RepositoryLayout layout, params string[] arguments)
    {
        await using StringWriter output = new();
        CommandContext context = new()
        {
            Output = output,
            Page = Console(output),
            Talk = Console(TextWriter.Null),
            Input = TextReader.Null,
            CanAsk = false,
            Time = TimeProvider.System,
            ReadEnvironment = _ => null,
            FindLayout = () => layout,
        };
        return (await JejuCommandLine.RunAsync(arguments, context, default), output.ToString());
    }

    private static IAnsiConsole Console(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
}
