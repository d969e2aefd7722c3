using System.Net.Sockets;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.Tests.Engine;

namespace Jeju.Infra.EndToEnd.Harness;

/// <summary>A test that needs the Docker Engine; where it does not answer, the test is skipped with the reason.</summary>
internal sealed class DockerFactAttribute : FactAttribute
{
    /// <summary>Why there is no Docker Engine; null where there is one.</summary>
    public static readonly string? WhyNot = Look();

    public DockerFactAttribute() => Skip = WhyNot;

    /// <summary>Whether the test runs a program through the automation API on the embedded engine, too.</summary>
    public bool UsesAutomation
    {
        get;
        init
        {
            field = value;
            Skip ??= value ? AutomationEngine.WhyNotEmbedded : null;
        }
    }

    private static string? Look()
    {
        // Whether it answers is found out once and synchronously: an attribute cannot wait.
        string socket = DockerEngine.DefaultSocketPath;
        using Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            connection.Connect(new UnixDomainSocketEndPoint(socket));
            return null;
        }
        catch (SocketException error)
        {
            return $"the Docker Engine does not answer on {socket}: {error.Message}";
        }
    }
}
