namespace Pulumi.Automation.Commands.Exceptions;

public class CommandException : Exception
{
    internal CommandException(string name, string message, Exception? cause)
        : base(message, cause) => Name = name;

    public string Name { get; }
}

public sealed class ConcurrentUpdateException : CommandException
{
    internal ConcurrentUpdateException(string message, Exception? cause)
        : base(nameof(ConcurrentUpdateException), message, cause)
    {
    }
}

public class StackNotFoundException : CommandException
{
    internal StackNotFoundException(string message)
        : base(nameof(StackNotFoundException), message, cause: null)
    {
    }
}

public class StackAlreadyExistsException : CommandException
{
    internal StackAlreadyExistsException(string message)
        : base(nameof(StackAlreadyExistsException), message, cause: null)
    {
    }
}
