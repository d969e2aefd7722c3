using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Secrets;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;
using static Jeju.Infra.Tests.Engine.StackHarness;

namespace Jeju.Infra.Tests.Engine;

public sealed class SecretAndStateTests : IDisposable
{
    private readonly StackHarness _stack = new();

    public void Dispose() => _stack.Dispose();

    [Fact]
    public async Task Secrets_are_encrypted_in_the_state_and_come_back()
    {
        var result = await _stack.UpAsync(WithPassword);

        Assert.Equal(new PropertySecret("hunter2"), result.Outputs["password"]);
        Assert.DoesNotContain("hunter2", await File.ReadAllTextAsync(_stack.StatePath), StringComparison.Ordinal);
        Assert.Equal("passphrase", _stack.StateJson.GetProperty("secrets_providers").GetProperty("type").GetString());
        Assert.Equal(new PropertySecret("hunter2"), (await _stack.ThingAsync("a")).Inputs["password"]);
    }

    [Fact]
    public async Task Unchanged_secrets_keep_their_ciphertext()
    {
        await _stack.UpAsync(WithPassword);
        var state = await File.ReadAllBytesAsync(_stack.StatePath);

        Assert.Equal(0, (await _stack.UpAsync(WithPassword)).ChangeCount);
        Assert.Equal(state, await File.ReadAllBytesAsync(_stack.StatePath));
    }

    [Fact]
    public async Task A_wrong_passphrase_is_refused_before_anything_happens()
    {
        await _stack.UpAsync(WithPassword);
        _stack.Cloud.TakeCalls();
        _stack.Passphrase = "wrong";

        var refusal = await Assert.ThrowsAsync<InfraException>(() => _stack.UpAsync(WithPassword));

        Assert.Equal("JEJU0106", refusal.Code.ToString());
        Assert.Empty(_stack.Cloud.TakeCalls());
    }

    [Fact]
    public async Task An_additional_secret_output_is_secret_in_state_and_answer()
    {
        var result = await _stack.UpAsync(async program =>
        {
            var thing = await program.ThingAsync("a", Of(), request => request.AdditionalSecretOutputs.Add("token"));
            return Of(("token", program.Output(thing, "token")));
        });

        Assert.Equal(new PropertySecret("t-id-1"), result.Outputs["token"]);
        Assert.DoesNotContain("t-id-1", await File.ReadAllTextAsync(_stack.StatePath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_never_appears_in_the_differences()
    {
        await _stack.UpAsync(WithPassword);

        var result = await _stack.UpAsync(program => program.ThingAsync("a", Of(("password", new PropertySecret("other")))));

        var difference = Assert.Single(result.Steps.Single(step => step.Operation == StepOperation.Update).Differences);
        Assert.IsType<PropertySecret>(difference.Old);
        Assert.IsType<PropertySecret>(difference.New);
    }

    [Fact]
    public void The_passphrase_format_is_pulumis()
    {
        // Made with an independent implementation: PBKDF2-HMAC-SHA256, 1,000,000 iterations, then AES-256-GCM over the word "pulumi".
        var secrets = PassphraseSecrets.Create("");
        var again = PassphraseSecrets.Open("", secrets.Salt);

        Assert.Matches("^v1:[A-Za-z0-9+/=]{12}:v1:[A-Za-z0-9+/=]{16}:[A-Za-z0-9+/=]{32}$", secrets.Salt);
        Assert.Equal("\"value\"", again.Decrypt(secrets.Encrypt("\"value\"")));
        Assert.Equal("JEJU0108", Assert.Throws<InfraException>(() => again.Decrypt(secrets.Encrypt("x")[..^4] + "AAA=")).Code.ToString());
    }

    [Fact]
    public async Task The_key_of_a_passphrase_file_of_its_own_is_kept_beside_it_and_a_wrong_one_is_derived_anew()
    {
        var folder = Directory.CreateTempSubdirectory("jeju-key-").FullName;
        try
        {
            var own = Path.Combine(folder, "passphrase");
            var source = new PassphraseSource(new Dictionary<string, string>(), own);
            var first = await new SecretsSession("dev", source).ForWritingAsync();
            var kept = await File.ReadAllLinesAsync(own + ".key");

            var second = await new SecretsSession("dev", source).ForSaltAsync(first.Salt);
            // Whose key stands in the file is told by the salt, and not believed without the proof in it.
            await File.WriteAllLinesAsync(own + ".key", [first.Salt, new string('0', 64)]);
            var third = await new SecretsSession("dev", source).ForSaltAsync(first.Salt);
            var given = new PassphraseSource(new Dictionary<string, string> { ["PULUMI_CONFIG_PASSPHRASE"] = "wrong" }, own);
            var refusal = await Assert.ThrowsAsync<InfraException>(() => new SecretsSession("dev", given).ForSaltAsync(first.Salt));

            Assert.Equal(first.Salt, kept[0]);
            Assert.Equal("\"text\"", second.Decrypt(first.Encrypt("\"text\"")));
            Assert.Equal("\"text\"", third.Decrypt(first.Encrypt("\"text\"")));
            Assert.Equal(kept, await File.ReadAllLinesAsync(own + ".key"));
            Assert.Equal("JEJU0106", refusal.Code.ToString());
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(own + ".key"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_state_is_ordered_so_that_dependencies_come_first()
    {
        await _stack.UpAsync(program => Task.WhenAll(Enumerable.Range(0, 20).Select(async index =>
        {
            var group = await program.ComponentAsync($"g{index}");
            var a = await program.ThingAsync($"a{index}", Of(), request => request.Parent = group.Urn);
            await program.ThingAsync($"b{index}", Of(), request => request.Dependencies.Add(a.Urn));
        })));

        var seen = new HashSet<string>();
        foreach (var resource in (await _stack.StateAsync()).Resources)
        {
            Assert.All(resource.AllDependencies(), urn => Assert.Contains(urn, seen));
            seen.Add(resource.Urn);
        }
    }

    [Fact]
    public async Task An_operation_is_in_the_state_file_while_it_runs_and_not_after()
    {
        PendingOperation? seen = null;
        _stack.Cloud.OnCall = async call =>
        {
            if (call == "create a")
            {
                seen = Assert.Single((await _stack.StateAsync()).PendingOperations);
            }
        };

        await _stack.UpAsync(program => program.ThingAsync("a", Of(("color", "red"))));

        Assert.Equal(PendingOperationKind.Creating, seen!.Kind);
        Assert.Equal(Of(("color", "red")), seen.Resource.Inputs);
        Assert.Empty((await _stack.StateAsync()).PendingOperations);
    }

    [Fact]
    public async Task Refresh_takes_drift_into_the_state_and_forgets_what_is_gone()
    {
        await _stack.UpAsync(async program =>
        {
            var a = await program.ThingAsync("a", Of(("color", "red")));
            await program.ThingAsync("b", Of(), request => request.Dependencies.Add(a.Urn));
            await program.ThingAsync("c", Of(("color", "red")));
        });
        _stack.Cloud.Things["id-3"] = Of(("color", "green"), ("size", 1));
        _stack.Cloud.Things.TryRemove("id-1", out _);

        var result = await _stack.RefreshAsync();

        Assert.Empty(result.Failures);
        Assert.Equal(2, result.ChangeCount);
        Assert.Empty((await _stack.ThingAsync("b")).Dependencies);
        Assert.Equal("green", (await _stack.ThingAsync("c")).Outputs["color"]);
        Assert.DoesNotContain((await _stack.StateAsync()).Resources, resource => resource.Id == "id-1");
        Assert.Equal(0, (await _stack.RefreshAsync()).ChangeCount);
    }

    [Fact]
    public async Task Up_with_refresh_repairs_what_is_gone()
    {
        await _stack.UpAsync(program => program.ThingAsync("a", Of(("color", "red"))));
        _stack.Cloud.Things.Clear();
        _stack.Settings = RunSettings.Default with { Refresh = true };

        var result = await _stack.UpAsync(program => program.ThingAsync("a", Of(("color", "red"))));

        Assert.Empty(result.Failures);
        Assert.Equal(["id-2"], _stack.Cloud.Things.Keys);
    }

    [Fact]
    public async Task A_stack_reference_reads_the_other_stacks_outputs()
    {
        await _stack.Engine(FakeProgram.Of(_ => Task.FromResult(Of(("endpoint", "here"), ("password", new PropertySecret("s")))) ), "other")
            .UpAsync(RunSettings.Default, _stack, CancellationToken.None);

        var result = await _stack.UpAsync(async program =>
        {
            var reference = await program.ReadAsync("pulumi:pulumi:StackReference", "ref", "organization/proj/other");
            return (PropertyMap)PropertyCodec.FromStruct(reference.Properties)["outputs"];
        });

        Assert.Equal(Of(("endpoint", "here"), ("password", new PropertySecret("s"))), result.Outputs);
    }

    [Fact]
    public async Task An_exported_state_can_be_imported_again()
    {
        await _stack.UpAsync(WithPassword);
        var exported = await _stack.Engine(null).ExportAsync(CancellationToken.None);
        File.Delete(_stack.StatePath);

        await _stack.Engine(null).ImportAsync(exported, CancellationToken.None);

        Assert.Equal(0, (await _stack.UpAsync(WithPassword)).ChangeCount);
        Assert.DoesNotContain("hunter2", exported, StringComparison.Ordinal);
    }

    private static async Task<PropertyMap> WithPassword(FakeProgram program)
    {
        var thing = await program.ThingAsync("a", Of(("password", new PropertySecret("hunter2"))));
        return Of(("password", program.Output(thing, "password")));
    }
}
