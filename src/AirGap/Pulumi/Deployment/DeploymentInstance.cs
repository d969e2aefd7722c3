namespace Pulumi;

/// <summary>What a program may ask and do in its run.</summary>
public sealed class DeploymentInstance
{
    private readonly Deployment deployment;

    internal DeploymentInstance(Deployment deployment) => this.deployment = deployment;

    public bool IsDryRun => deployment.Settings.IsDryRun;

    public string OrganizationName => deployment.Settings.Organization;

    public string ProjectName => deployment.ProjectName;

    public string StackName => deployment.StackName;

    public string RootDirectory => deployment.Settings.RootDirectory
        ?? throw new InvalidOperationException("The engine did not say where the root directory of the project is.");

    public Task InvokeAsync(string token, InvokeArgs args, InvokeOptions? options = null) => InvokeAsync<object>(token, args, options);

    public Task InvokeAsync(string token, InvokeArgs args, InvokeOptions? options, RegisterPackageRequest? registerPackageRequest) =>
        InvokeAsync<object>(token, args, options, registerPackageRequest);

    public Task<T?> InvokeAsync<T>(string token, InvokeArgs args, InvokeOptions? options = null) => InvokeAsync<T>(token, args, options, null);

    public async Task<T?> InvokeAsync<T>(string token, InvokeArgs args, InvokeOptions? options, RegisterPackageRequest? registerPackageRequest) =>
        (await deployment.InvokeAsync<T>(token, args, options, registerPackageRequest, single: false).ConfigureAwait(false)).Value;

    public Task<T?> InvokeSingleAsync<T>(string token, InvokeArgs args, InvokeOptions? options = null) => InvokeSingleAsync<T>(token, args, options, null);

    public async Task<T?> InvokeSingleAsync<T>(string token, InvokeArgs args, InvokeOptions? options, RegisterPackageRequest? registerPackageRequest) =>
        (await deployment.InvokeAsync<T>(token, args, options, registerPackageRequest, single: true).ConfigureAwait(false)).Value;

    public Output<T?> Invoke<T>(string token, InvokeArgs args, InvokeOptions? options = null) => Invoke<T>(token, args, options, null);

    public Output<T?> Invoke<T>(string token, InvokeArgs args, InvokeOutputOptions options) => Invoke<T>(token, args, options, null);

    public Output<T?> Invoke<T>(string token, InvokeArgs args, InvokeOptions? options, RegisterPackageRequest? registerPackageRequest) =>
        new(deployment.InvokeAsync<T>(token, args, options, registerPackageRequest, single: false));

    public Output<T?> Invoke<T>(string token, InvokeArgs args, InvokeOutputOptions options, RegisterPackageRequest? registerPackageRequest) =>
        new(deployment.InvokeAsync<T>(token, args, options, registerPackageRequest, single: false));

    public Output<T?> InvokeSingle<T>(string token, InvokeArgs args, InvokeOptions? options = null) => InvokeSingle<T>(token, args, options, null);

    public Output<T?> InvokeSingle<T>(string token, InvokeArgs args, InvokeOutputOptions options) => InvokeSingle<T>(token, args, options, null);

    public Output<T?> InvokeSingle<T>(string token, InvokeArgs args, InvokeOptions? options, RegisterPackageRequest? registerPackageRequest) =>
        new(deployment.InvokeAsync<T>(token, args, options, registerPackageRequest, single: true));

    public Output<T?> InvokeSingle<T>(string token, InvokeArgs args, InvokeOutputOptions options, RegisterPackageRequest? registerPackageRequest) =>
        new(deployment.InvokeAsync<T>(token, args, options, registerPackageRequest, single: true));

    public Output<T?> Call<T>(string token, CallArgs args, Resource? self = null, CallOptions? options = null) =>
        new(deployment.CallAsync<T>(token, args, self, options, null));

    public void Call(string token, CallArgs args, Resource? self = null, CallOptions? options = null) => Call<object>(token, args, self, options);
}
