using System.Security.Cryptography;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>Which password it is.</summary>
internal sealed record GeneratedPasswordInputs
{
    [Property("Another number makes another password.", Default = "1", Minimum = 1)]
    public int Generation { get; init; }
}

/// <summary>The password.</summary>
internal sealed record GeneratedPasswordOutputs
{
    [Property("The password: 40 letters and digits.", Secret = true)]
    public string? Value { get; init; }
}

/// <summary>
/// A password for a server that a cloud makes. The state is the only place where it is read back from, as with every generated value: there is nothing outside that could drift, and nothing to delete.
/// </summary>
[ResourceType("GeneratedPassword", "A password that nobody chose: made once, kept in the state as a secret.")]
internal sealed class GeneratedPasswordHandler : ResourceHandler<GeneratedPasswordInputs, GeneratedPasswordOutputs>
{
    // Nothing that a shell, an address or a connection string would read as a sign of its own.
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int Length = 40;

    protected override IReadOnlyCollection<string> ChangedByUpdate(
        ResourceContext context, ResourceState<GeneratedPasswordInputs, GeneratedPasswordOutputs> state, Bound<GeneratedPasswordInputs> news) =>
        [nameof(GeneratedPasswordOutputs.Value)];

    protected override Task<Created<GeneratedPasswordOutputs>> CreateAsync(
        ResourceContext context, GeneratedPasswordInputs inputs, CancellationToken cancellationToken) =>
        Task.FromResult(new Created<GeneratedPasswordOutputs>(context.Name, Generate()));

    protected override Task<ResourceState<GeneratedPasswordInputs, GeneratedPasswordOutputs>?> ReadAsync(
        ResourceContext context, ResourceState<GeneratedPasswordInputs, GeneratedPasswordOutputs> state, CancellationToken cancellationToken) =>
        Task.FromResult(state.Outputs.Value is null ? null : state);

    protected override Task<GeneratedPasswordOutputs> UpdateAsync(
        ResourceContext context, ResourceState<GeneratedPasswordInputs, GeneratedPasswordOutputs> state, GeneratedPasswordInputs news, CancellationToken cancellationToken) =>
        Task.FromResult(Generate());

    protected override Task DeleteAsync(
        ResourceContext context, ResourceState<GeneratedPasswordInputs, GeneratedPasswordOutputs> state, CancellationToken cancellationToken) => Task.CompletedTask;

    private static GeneratedPasswordOutputs Generate() => new() { Value = RandomNumberGenerator.GetString(Alphabet, Length) };
}
