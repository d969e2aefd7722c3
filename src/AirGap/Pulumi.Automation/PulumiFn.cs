using System.Collections.Immutable;

namespace Pulumi.Automation;

public abstract class PulumiFn
{
    internal PulumiFn()
    {
    }

    public static PulumiFn Create(Func<CancellationToken, Task<IDictionary<string, object?>>> program) => new Function(program);

    public static PulumiFn Create(Func<CancellationToken, Task> program) => new Function(async cancellationToken =>
    {
        await program(cancellationToken).ConfigureAwait(false);
        return ImmutableDictionary<string, object?>.Empty;
    });

    public static PulumiFn Create(Func<Task<IDictionary<string, object?>>> program) => new Function(_ => program());

    public static PulumiFn Create(Func<Task> program) => Create(_ => program());

    public static PulumiFn Create(Func<IDictionary<string, object?>> program) => new Function(_ => Task.FromResult(program()));

    public static PulumiFn Create(Action program) => Create(() =>
    {
        program();
        return (IDictionary<string, object?>)ImmutableDictionary<string, object?>.Empty;
    });

    public static PulumiFn Create<TStack>()
        where TStack : Stack, new() => new StackClass<TStack>();

    /// <summary>Makes the root of the program's resources; called inside the deployment.</summary>
    internal abstract Stack Start(CancellationToken cancellationToken);

    private sealed class Function(Func<CancellationToken, Task<IDictionary<string, object?>>> program) : PulumiFn
    {
        internal override Stack Start(CancellationToken cancellationToken) => new(() => program(cancellationToken), options: null);
    }

    private sealed class StackClass<TStack> : PulumiFn
        where TStack : Stack, new()
    {
        internal override Stack Start(CancellationToken cancellationToken) => Deployment.CreateStack<TStack>();
    }
}
