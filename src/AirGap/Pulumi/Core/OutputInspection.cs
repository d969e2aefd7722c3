using System.Collections.Immutable;

namespace Pulumi.Utilities;

/// <summary>Looks inside outputs: for tests and for code that serves outputs to others.</summary>
public static class OutputUtilities
{
    public static async Task<T> GetValueAsync<T>(Output<T> output) => (await output.DataTask.ConfigureAwait(false)).Value;

    public static async Task<bool> GetIsKnownAsync<T>(Output<T> output) => (await output.DataTask.ConfigureAwait(false)).IsKnown;

    public static async Task<ImmutableHashSet<Resource>> GetDependenciesAsync<T>(Output<T> output) => (await output.DataTask.ConfigureAwait(false)).Resources;

    public static Output<T> CreateUnknown<T>(T value) => Output.Unknown(value);

    public static Output<T> CreateUnknown<T>(Func<Task<T>> valueFactory)
    {
        return new(CreateAsync());

        async Task<OutputData<T>> CreateAsync() => new([], await valueFactory().ConfigureAwait(false), IsKnown: false, IsSecret: false);
    }

    public static Output<T> WithDependency<T>(Output<T> output, Resource resource)
    {
        return new(AddAsync());

        async Task<OutputData<T>> AddAsync()
        {
            var data = await output.DataTask.ConfigureAwait(false);
            return data with { Resources = data.Resources.Add(resource) };
        }
    }
}
