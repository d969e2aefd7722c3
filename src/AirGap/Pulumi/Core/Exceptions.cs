namespace Pulumi;

/// <summary>Ends the run with a message and no stack trace.</summary>
public class RunException : Exception
{
    public RunException(string message)
        : this(message, null)
    {
    }

    public RunException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public static RunException OutputsHaveIncorrectType(IEnumerable<string> outputAttributeNames) =>
        new($"These outputs are not of the type Output<T>: {string.Join(", ", outputAttributeNames)}.");
}

/// <summary>Ends the run with a message about one resource.</summary>
public class ResourceException(string message, Resource? resource, bool hideStack = false) : Exception(message)
{
    internal Resource? Resource { get; } = resource;

    internal bool HideStack { get; } = hideStack;
}

/// <summary>An exception that has been told to the engine already.</summary>
public class LogException(Exception exception) : Exception("An error occurred while logging.", exception);

/// <summary>A function of a provider refused its arguments.</summary>
internal sealed class InvokeException(string message) : Exception(message);
