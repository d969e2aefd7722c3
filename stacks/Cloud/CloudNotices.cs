using Jeju.Infra.Core;
using Jeju.Infra.Stacks.Settings;

namespace Jeju.Infra.Stacks;

/// <summary>Something that a person has to do, or to know, and that no cloud says before it is too late.</summary>
/// <param name="Code">What it is about.</param>
/// <param name="Text">What is so, and what to do.</param>
internal sealed record CloudNotice(ErrorCode Code, string Text);

/// <summary>What previews warn of in the settings of a stack with a cloud.</summary>
internal static class CloudNotices
{
    private static readonly ErrorCode DelegatedByHand = new(751);
    private static readonly ErrorCode NobodySignsIn = new(752);
    private static readonly ErrorCode ShortRecovery = new(753);
    private static readonly ErrorCode NoOldProofs = new(754);
    private static readonly ErrorCode FindingsByHand = new(755);

    /// <summary>The notices, none where everything is said.</summary>
    public static IEnumerable<CloudNotice> Of(MarketSettings settings, NetworkProfile profile)
    {
        if (!settings.ZoneDelegated && settings.Aws?.ParentZone is null)
        {
            yield return new CloudNotice(
                DelegatedByHand,
                $"The zone '{settings.Zone}' is delegated by hand: while the first deployment waits for its certificates, enter the zone's name servers, which the cloud's console shows at once and the output "
                + "'nameServers' at the end, at the registry or in the zone above. Where it gives up before, start it again. Write 'jeju-infra:zoneDelegated: true' once they are there"
                + (settings.Aws is null ? "." : ", or let the program write them: 'parentZone' below 'jeju-infra:aws'."));
        }

        if (settings.Aws?.Grafana is { SignIn: GrafanaSignInKind.Saml, MetadataUrl: null })
        {
            yield return new CloudNotice(
                NobodySignsIn,
                "Nobody can sign in to the managed Grafana before it knows an identity provider: name one as 'metadataUrl' with 'editors' below 'grafana' of 'jeju-infra:aws', "
                + "or write 'signIn: identityCenter' there where the account has IAM Identity Center.");
        }

        if (settings.Gcp?.DatabasePlanFor(profile) is { } database && CloudSqlEdition.Of(database.MachineType) is var edition && edition.MostLogDays < database.BackupDays)
        {
            yield return new CloudNotice(
                ShortRecovery,
                $"Cloud SQL keeps {database.BackupDays} daily backups, but goes back to a point in time {edition.MostLogDays} days at most with '{database.MachineType}'. "
                + $"For {CloudSqlEdition.EnterprisePlus.MostLogDays} days write a machine of the edition Enterprise Plus, '{CloudSqlEdition.PlusTiers}N-8' for example, as 'machineType' below 'database' of 'jeju-infra:gcp'.");
        }

        if (settings.Gcp is { SecurityCommandCenter: null } google)
        {
            yield return new CloudNotice(
                FindingsByHand,
                $"Security Command Center must be switched on for the project '{google.Project}' or its organization before the first deployment, in its console: a notification of what it finds is refused else. "
                + "Write 'securityCommandCenter: true' below 'jeju-infra:gcp' once it is, or 'false' to go without.");
        }

        if (settings.Rollup.ExecutionClient == ExecutionClient.OpGeth)
        {
            yield return new CloudNotice(
                NoOldProofs,
                "op-geth proves the state of its newest 128 blocks alone, some four minutes, and a withdrawal is proven at a block about two hours old: nobody can prove one against these endpoints. "
                + "Leave out 'executionClient' below 'jeju-infra:rollup': op-reth, the default, proves four hours.");
        }
    }
}
