using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Agent;

using Xunit;

namespace Jeju.Infra.Tests.Marketplace;

public sealed class AgentSettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jeju-agent-");

    private string FilePath => Path.Combine(_folder.FullName, "settings.json");

    private static AgentSettings Valid => new()
    {
        ChainUrl = "http://127.0.0.1:8545",
        ChainId = ChainId.Anvil,
        ExternalChainProvider = Address.Parse("0x" + new string('1', 40)),
        ProviderRegistry = Address.Parse("0x" + new string('2', 40)),
        NodeId = Bytes32.FromName("node"),
        AgentKey = "0xcanary",
        StateFolder = "/tmp/agent",
        RepositoryRoot = "/tmp",
    };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_SavedSettings_AreTheSame()
    {
        Valid.Save(FilePath);

        Assert.Equal(Valid, AgentSettings.Load(FilePath));
    }

    [Fact]
    public void Save_OnUnix_OnlyTheOwnerCanRead()
    {
        File.WriteAllText(FilePath, "an older file that others could read");
        Valid.Save(FilePath);

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        }
    }

    [Fact]
    public void Text_form_and_errors_show_no_key()
    {
        Assert.DoesNotContain("canary", Valid.ToString(), StringComparison.Ordinal);
        (Valid with { Parallelism = 0 }).Save(FilePath);

        InfraException refusal = Assert.Throws<InfraException>(() => AgentSettings.Load(FilePath));
        Assert.DoesNotContain("canary", refusal.ToDisplayText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SeveralWrongValues_NamesAllOfThem()
    {
        (Valid with { Parallelism = 0, ChainUrl = "ftp://x", Backend = "lxc", Subnets = "everywhere" }).Save(FilePath);

        InfraException refusal = Assert.Throws<InfraException>(() => AgentSettings.Load(FilePath));

        Assert.Equal("JEJU0630", refusal.Code.ToString());
        Assert.Equal(FailureKind.Usage, refusal.Kind);
        Assert.All(
            new[] { "parallelism", "chainUrl", "backend", "subnets" },
            name => Assert.Contains(name, refusal.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"chainUrl\": 5}")]
    [InlineData("not json")]
    public void Load_WhatIsNoSettingsFile_IsRefusedWithItsCode(string? text)
    {
        if (text is not null)
        {
            File.WriteAllText(FilePath, text);
        }

        Assert.Equal("JEJU0630", Assert.Throws<InfraException>(() => AgentSettings.Load(FilePath)).Code.ToString());
    }
}
