using System.Collections.Concurrent;
using System.Collections.Immutable;
using Pulumi.Testing;

namespace Pulumi;

public sealed partial class Deployment
{
    private readonly ConcurrentQueue<Resource> registered = new();

    /// <summary>Runs a program against mocks and returns the resources that it made.</summary>
    /// <exception cref="RunException">The program failed; the message is the error that it logged.</exception>
    /// <exception cref="AggregateException">The program logged several errors.</exception>
    public static async Task<ImmutableArray<Resource>> TestAsync(IMocks testMocks, TestOptions testOptions, Action createResources) =>
        (await TestAsync(testMocks, testOptions, () =>
        {
            createResources();
            return Task.FromResult(NoOutputs());
        }).ConfigureAwait(false)).Resources;

    public static async Task<ImmutableArray<Resource>> TestAsync(IMocks testMocks, TestOptions testOptions, Func<Task> createResources) =>
        (await TestAsync(testMocks, testOptions, async () =>
        {
            await createResources().ConfigureAwait(false);
            return NoOutputs();
        }).ConfigureAwait(false)).Resources;

    public static Task<(ImmutableArray<Resource> Resources, IDictionary<string, object?> Outputs)> TestAsync(
        IMocks testMocks, TestOptions testOptions, Func<IDictionary<string, object?>> createResources) =>
        TestAsync(testMocks, testOptions, () => Task.FromResult(createResources()));

    public static async Task<(ImmutableArray<Resource> Resources, IDictionary<string, object?> Outputs)> TestAsync(
        IMocks testMocks, TestOptions testOptions, Func<Task<IDictionary<string, object?>>> createResources)
    {
        var resources = await TestAsync(testMocks, testOptions, () => new FunctionStack(createResources)).ConfigureAwait(false);
        var stack = resources.OfType<FunctionStack>().Single();
        return (resources.Remove(stack), (await stack.ProgramOutputs!.DataTask.ConfigureAwait(false)).Value);
    }

    public static Task<ImmutableArray<Resource>> TestAsync<TStack>(IMocks mocks, TestOptions? options = null)
        where TStack : Stack, new() => TestAsync(mocks, options, CreateStack<TStack>);

    public static Task<ImmutableArray<Resource>> TestWithServiceProviderAsync<TStack>(IMocks mocks, IServiceProvider serviceProvider, TestOptions? options = null)
        where TStack : Stack => TestAsync(mocks, options, () => Resolve<TStack>(serviceProvider));

    private static async Task<ImmutableArray<Resource>> TestAsync(IMocks mocks, TestOptions? options, Func<Stack> makeStack)
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
        await deployment.ExecuteAsync(makeStack).ConfigureAwait(false);
        return monitor.Errors switch
        {
            [] => [.. deployment.registered],
            [var error] => throw new RunException(error),
            var errors => throw new AggregateException(errors.Select(error => new RunException(error))),
        };
    }

    /// <summary>The stack of a program that is a function. What the function returns goes to the test, not to the mocks.</summary>
    private sealed class FunctionStack(Func<Task<IDictionary<string, object?>>> program) : Stack(program, null)
    {
        internal override void RegisterStackOutputs() => RegisterOutputs(ProgramOutputs!.Apply(_ => NoOutputs()));
    }
}
