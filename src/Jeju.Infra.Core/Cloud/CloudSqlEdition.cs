namespace Jeju.Infra.Core;

/// <summary>An edition of Cloud SQL: the database's machine decides which one it is of (Cloud SQL documentation, "Introduction to editions").</summary>
/// <param name="Name">As the service writes it.</param>
/// <param name="MostLogDays">How far back it can go to any point in time, in days; to the daily backups it goes back further.</param>
public sealed record CloudSqlEdition(string Name, int MostLogDays)
{
    /// <summary>What the tiers of the edition Enterprise Plus begin with.</summary>
    public const string PlusTiers = "db-perf-optimized-";

    /// <summary>The edition of every other tier.</summary>
    public static CloudSqlEdition Enterprise { get; } = new("ENTERPRISE", 7);

    /// <summary>The edition with longer logs and shorter maintenance, at about a third more.</summary>
    public static CloudSqlEdition EnterprisePlus { get; } = new("ENTERPRISE_PLUS", 35);

    /// <summary>The edition of a tier.</summary>
    public static CloudSqlEdition Of(string tier) => tier.StartsWith(PlusTiers, StringComparison.Ordinal) ? EnterprisePlus : Enterprise;
}
