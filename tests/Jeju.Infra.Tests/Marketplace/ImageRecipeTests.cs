using System.Formats.Tar;
using System.Text;

using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Images;
using Jeju.Infra.Tests.Architecture;

using Xunit;

namespace Jeju.Infra.Tests.Marketplace;

public sealed class ImageRecipeTests
{
    [Fact]
    public void Every_recipe_that_the_catalog_names_is_there()
    {
        string[] names = [.. ServiceCatalog.All.Select(kind => kind.Workload?.Image.Recipe).OfType<string>()];

        Assert.Contains("postgres", names);
        Assert.Contains("redis", names);
        Assert.All(names, name => Assert.NotNull(ImageRecipe.Find(Checkout.Layout, name)));
    }

    [Fact]
    public void The_user_of_a_recipe_is_the_user_of_the_workload() => Assert.All(
        ServiceCatalog.All.Select(kind => kind.Workload).OfType<WorkloadTemplate>().Where(workload => workload.Image.Recipe is not null),
        workload =>
        {
            ImageRecipe? recipe = ImageRecipe.Find(Checkout.Layout, workload.Image.Recipe!);
            Assert.Equal(workload.UserId, recipe?.Content.User.Id);
        });

    [Fact]
    public void The_tag_follows_from_the_recipe_and_every_file_beside_it()
    {
        DirectoryInfo checkout = Directory.CreateTempSubdirectory("jeju-recipe-");
        RepositoryLayout layout = new(checkout.FullName);
        try
        {
            string folder = Path.Combine(layout.ImagesFolder, "demo");
            string file = Path.Combine(folder, "rootfs", "etc", "demo.conf");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(Path.Combine(folder, "recipe.json"), Recipe("demo"));
            File.WriteAllText(file, "a");

            string first = ImageRecipe.Find(layout, "demo")!.Reference;
            string second = ImageRecipe.Find(layout, "demo")!.Reference;
            File.WriteAllText(file, "b");
            string changedFile = ImageRecipe.Find(layout, "demo")!.Reference;
            File.WriteAllText(Path.Combine(folder, "recipe.json"), Recipe("other"));
            string changedRecipe = ImageRecipe.Find(layout, "demo")!.Reference;

            Assert.Equal(first, second);
            Assert.StartsWith("jeju/demo:recipe-", first, StringComparison.Ordinal);
            Assert.Equal(3, new[] { first, changedFile, changedRecipe }.Distinct().Count());
            Assert.Null(ImageRecipe.Find(layout, "absent"));
        }
        finally
        {
            checkout.Delete(recursive: true);
        }
    }

    [Fact]
    public void An_own_program_goes_into_the_image_with_its_runtime_and_decides_the_tag()
    {
        DirectoryInfo checkout = Directory.CreateTempSubdirectory("jeju-recipe-");
        RepositoryLayout layout = new(checkout.FullName);
        try
        {
            string folder = Path.GetDirectoryName(layout.CommandLineTool)!;
            Directory.CreateDirectory(Path.Combine(layout.ImagesFolder, "demo"));
            File.WriteAllText(Path.Combine(layout.ImagesFolder, "demo", "recipe.json"), Recipe("demo").Replace("\"packages\"", "\"program\": \"usr/lib/demo\", \"packages\"", StringComparison.Ordinal));
            InfraException notBuilt = Assert.Throws<InfraException>(() => ImageRecipe.Find(layout, "demo"));
            Directory.CreateDirectory(folder);
            File.WriteAllText(layout.CommandLineTool, "program");
            File.WriteAllText(layout.CommandLineTool + ".runtimeconfig.json", """{ "runtimeOptions": { "framework": { "name": "Microsoft.NETCore.App" } } }""");

            ImageRecipe recipe = ImageRecipe.Find(layout, "demo")!;
            File.WriteAllText(layout.CommandLineTool, "programme");

            Assert.Equal("JEJU0611", notBuilt.Code.ToString());
            Assert.NotEqual(recipe.Tag, ImageRecipe.Find(layout, "demo")!.Tag);
            Assert.Contains(recipe.Program, file => file.Path == "usr/lib/demo/jeju");
            Assert.Contains(recipe.Program, file => file.Path.StartsWith("usr/share/dotnet/host/fxr/", StringComparison.Ordinal) && file.Path.EndsWith("/libhostfxr.so", StringComparison.Ordinal));
            Assert.Contains(recipe.Program, file => file.Path.EndsWith("/System.Private.CoreLib.dll", StringComparison.Ordinal));
        }
        finally
        {
            checkout.Delete(recursive: true);
        }
    }

    [Fact]
    public void Find_UnknownMember_IsRefusedWithItsName()
    {
        DirectoryInfo checkout = Directory.CreateTempSubdirectory("jeju-recipe-");
        RepositoryLayout layout = new(checkout.FullName);
        try
        {
            Directory.CreateDirectory(Path.Combine(layout.ImagesFolder, "demo"));
            string text = Recipe("demo").Replace("\"description\"", "\"descriptoin\"", StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(layout.ImagesFolder, "demo", "recipe.json"), text);

            InfraException refusal = Assert.Throws<InfraException>(() => ImageRecipe.Find(layout, "demo"));
            Assert.Equal("JEJU0611", refusal.Code.ToString());
            Assert.Contains("descriptoin", refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            checkout.Delete(recursive: true);
        }
    }

    [Fact]
    public void Parse_ListingOfApt_GivesNameVersionSizeAndHash()
    {
        string hash = new('a', 64);
        string listing = $"""
            'http://packages.example/debian/pool/main/r/redis/redis-server_7.0.15-1_amd64.deb' redis-server_5%3a7.0.15-1_amd64.deb 73908 SHA256:{hash}
            'http://packages.example/debian/pool/main/b/base/base_1_all.deb' base_1_all.deb 12
            """;

        IReadOnlyList<DebianPackage> packages = DebianPackages.Parse(listing);

        Assert.Equal(
            [
                new DebianPackage("redis-server", "5:7.0.15-1", "redis-server_5%3a7.0.15-1_amd64.deb", 73908, hash),
                new DebianPackage("base", "1", "base_1_all.deb", 12, null),
            ],
            packages);
    }

    [Theory]
    [InlineData("libllvm*", "libllvm14", true)]
    [InlineData("libllvm*", "xlibllvm14", false)]
    [InlineData("gcc-*-base", "gcc-12-base", true)]
    [InlineData("tar", "tar", true)]
    [InlineData("tar", "target", false)]
    public void Patterns_match_whole_names(string pattern, string name, bool expected) =>
        Assert.Equal(expected, NamePattern.MatchesAny([pattern], name));

    [Fact]
    public async Task Packages_are_merged_into_usr_without_documentation_and_without_privileged_programs()
    {
        MemoryStream package = new();
        using (TarWriter writer = new(package, leaveOpen: true))
        {
            await WriteAsync(writer, new PaxTarEntry(TarEntryType.Directory, "./bin/"));
            await WriteAsync(writer, new PaxTarEntry(TarEntryType.RegularFile, "./bin/tool")
            {
                Mode = UnixFileMode.SetUser | UnixFileMode.UserExecute | UnixFileMode.UserRead,
                DataStream = new MemoryStream("tool"u8.ToArray()),
            });
            await WriteAsync(writer, new PaxTarEntry(TarEntryType.HardLink, "./bin/same") { LinkName = "./bin/tool" });
            await WriteAsync(writer, new PaxTarEntry(TarEntryType.RegularFile, "./usr/share/man/man1/tool.1"));
            await WriteAsync(writer, new PaxTarEntry(TarEntryType.RegularFile, "./usr/share/doc/tool/changelog"));
            await WriteAsync(writer, new PaxTarEntry(TarEntryType.RegularFile, "./usr/share/doc/tool/copyright"));
            await WriteAsync(writer, new PaxTarEntry(TarEntryType.RegularFile, "./usr/share/tool/unwanted"));
        }

        package.Position = 0;
        using MemoryStream output = new();
        await using (RootFileSystem root = new(output))
        {
            await root.AddPackageAsync(package, ["usr/share/tool"], CancellationToken.None);
        }

        output.Position = 0;
        Dictionary<string, TarEntry> entries = [];
        using TarReader reader = new(output);
        while (await reader.GetNextEntryAsync(copyData: true) is { } entry)
        {
            entries.Add(entry.Name.TrimEnd('/'), entry);
        }

        Assert.Equal(["usr/bin", "usr/bin/same", "usr/bin/tool", "usr/share/doc/tool/copyright"], entries.Keys.Order());
        Assert.Equal(UnixFileMode.UserExecute | UnixFileMode.UserRead, entries["usr/bin/tool"].Mode);
        Assert.Equal("usr/bin/tool", entries["usr/bin/same"].LinkName);
    }

    [Fact]
    public async Task A_package_that_leaves_its_root_is_refused()
    {
        MemoryStream package = new();
        using (TarWriter writer = new(package, leaveOpen: true))
        {
            await WriteAsync(writer, new PaxTarEntry(TarEntryType.RegularFile, "./usr/../../etc/passwd"));
        }

        package.Position = 0;
        await using RootFileSystem root = new(Stream.Null);
        await Assert.ThrowsAsync<InvalidDataException>(() => root.AddPackageAsync(package, [], CancellationToken.None));
    }

    private static Task WriteAsync(TarWriter writer, TarEntry entry) => writer.WriteEntryAsync(entry);

    private static string Recipe(string description) => $$"""
        {
          "description": "{{description}}", "packages": ["a"], "withoutPackages": [], "withoutPaths": [], "sharedFolders": [],
          "links": {}, "user": { "name": "demo", "id": 999 }, "entrypoint": ["demo"], "verify": ["demo", "--version"]
        }
        """;
}
