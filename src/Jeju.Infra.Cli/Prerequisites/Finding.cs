namespace Jeju.Infra.Cli.Prerequisites;

/// <summary>What the doctor found out about one thing.</summary>
/// <param name="Subject">The thing.</param>
/// <param name="Good">Whether it is as it should be.</param>
/// <param name="Required">Whether the localnet cannot do without it.</param>
/// <param name="Detail">Its version or place, or what is wrong.</param>
/// <param name="Remedy">What to do where it is not good; empty where it is.</param>
internal sealed record Finding(string Subject, bool Good, bool Required, string Detail, string Remedy);
