namespace Jeju.Infra.EndToEnd.Harness;

/// <summary>One localnet with Postgres and Redis that several tests share; each leaves it as it found it.</summary>
public sealed class ProvisionedLocalnet : IAsyncLifetime
{
    private LocalnetCheckout? _localnet;

    internal LocalnetCheckout Localnet => _localnet ?? throw new InvalidOperationException("The localnet was not brought up.");

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (DockerFactAttribute.WhyNot is not null)
        {
            return;
        }

        LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        try
        {
            await localnet.UpAsync();
            _localnet = localnet;
        }
        catch
        {
            await localnet.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_localnet is not null)
        {
            await _localnet.DisposeAsync();
        }
    }
}
