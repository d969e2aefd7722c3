namespace Jeju.Infra.EndToEnd.Readme;

/// <summary>Says that a test runs a command of the README.</summary>
/// <param name="command">The command as the README writes it.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ReadmeCommandAttribute(string command) : Attribute
{
    /// <summary>The command as the README writes it.</summary>
    public string Command => command;
}
