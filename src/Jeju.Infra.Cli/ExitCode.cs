namespace Jeju.Infra.Cli;

/// <summary>How a command leaves the process (design, section 8).</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Refused = 3;
}
