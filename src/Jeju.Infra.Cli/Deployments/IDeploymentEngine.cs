namespace Jeju.Infra.Cli.Deployments;

/// <summary>What brings the resources of a phase about, and looks whether they are there.</summary>
internal interface IDeploymentEngine
{
    /// <summary>
    /// Reads the resources back from where they are, and compares them with the program: the only judge of whether a phase is done.
    /// </summary>
    Task<bool> IsAsPlannedAsync(PhasePlan phase, CancellationToken cancellationToken);

    /// <summary>Makes the resources of a phase what the program says, and no others.</summary>
    /// <exception cref="Jeju.Infra.Core.InfraException">JEJU0833: it failed.</exception>
    Task DeployAsync(PhasePlan phase, CancellationToken cancellationToken);

    /// <summary>The command by which <see cref="DeployAsync"/> does it, for a person who wants to see it before.</summary>
    string Describe(PhasePlan phase);
}
