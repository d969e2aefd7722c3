using System.Collections.Concurrent;
using System.Collections.Immutable;
using Pulumi.Testing;

namespace Pulumi;

public sealed partial class Deployment
{
    private readonly ConcurrentQueue<Resource> registered = new();

    /// <summary>Runs a program against mocks and returns the resources that it made.</summary>
    /// <exception cref="RunException">The program failed; the message holds the errors that it logged.</exception>
    public static async Task<ImmutableArray<Resource>> TestAsync(IMocks testMocks, TestOptions testOptions, Action createResources) =>
        (await TestAsync(testMocks, testOptions, () => new Stack(
            () =>
            {
                createResources();
                return Task.FromResult(NoOutputs());
            },
            null)).ConfigureAwait(false)).Resources;

    public static async Task<ImmutableArray<Resource>> TestAsync(IMocks testMocks, TestOptions testOptions, Func<Task> createResources) =>
        (await TestAsync(testMocks, testOptions, () => new Stack(
            async () =>
            {
                await createResources().ConfigureAwait(false);
                return NoOutputs();
            },
            null)).ConfigureAwait(false)).Resources;

    public static Task<(ImmutableArray<Resource> Resources, IDictionary<string, object?> Outputs)> TestAsync(
        IMocks testMocks, TestOptions testOptions, Func<IDictionary<string, object?>> createResources) =>
        TestAsync(testMocks, testOptions, () => Task.FromResult(createResources()));

    public static Task<(ImmutableArray<Resource> Resources, IDictionary<string, object?> Outputs)> TestAsync(
        IMocks testMocks, TestOptions testOptions, Func<Task<IDictionary<string, object?>>> createResources) =>
        TestAsync(testMocks, testOptions, () => new Stack(createResources, null));

    public static async Task<ImmutableArray<Resource>> TestAsync<TStack>(IMocks mocks, TestOptions? options = null)
        where TStack : Stack, new() => (await TestAsync(mocks, options, CreateStack<TStack>).ConfigureAwait(false)).Resources;

    public static async Task<ImmutableArray<Resource>> TestWithServiceProviderAsync<TStack>(IMocks mocks, IServiceProvider serviceProvider, TestOptions? options = null)
        where TStack : Stack => (await TestAsync(mocks, options, () => Resolve<TStack>(serviceProvider)).ConfigureAwait(false)).Resources;

    private static async Task<(ImmutableArray<Resource> Resources, IDictionary<string, object?> Outputs)> TestAsync(IMocks mocks, TestOptions? options, Func<Stack> makeStack)
    {
        var complete = new TestOptions
        {
            ProjectName = options?.ProjectName ?? "project",
            StackName = options?.StackName ?? "stack",
            OrganizationName = options?.OrganizationName ?? "organization",
            RootDirectory = options?.RootDirectory,
            IsPreview = options?.IsPreview ?? true,
        };
        var settings = new DeploymentSettings
        {
            Project = complete.ProjectName,
            Stack = complete.StackName,
            Organization = complete.OrganizationName,
            RootDirectory = complete.RootDirectory,
            IsDryRun = complete.IsPreview.Value,
            Config = DeploymentSettings.ConfigFromEnvironment(),
        };
        var monitor = new MockMonitor(mocks, complete);
        var deployment = new Deployment(settings, monitor, monitor);
        Stack? stack = null;
        if (await deployment.ExecuteAsync(() => stack = makeStack()).ConfigureAwait(false) != Succeeded)
        {
            throw new RunException(string.Join('\n', monitor.Errors));
        }
        var outputs = stack?.ProgramOutputs is { } program ? (await program.DataTask.ConfigureAwait(false)).Value : NoOutputs();
        return ([.. deployment.registered], outputs ?? NoOutputs());
    }
}
