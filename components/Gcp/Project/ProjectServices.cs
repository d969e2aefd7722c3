using System.Collections.Immutable;
using Pulumi;
using Pulumi.Gcp.Projects;
using Pulumi.Gcp.Storage;

namespace Jeju.Infra.Components.Gcp;

/// <summary>Which of Google's services a project needs.</summary>
public sealed class ProjectServicesArgs : ResourceArgs
{
    /// <summary>The project.</summary>
    public required string Project { get; init; }
}

/// <summary>
/// Google's services, switched on in the project, and the accounts in whose name they work there: before, nothing can be made, and nobody of those names can be given a right. They stay on when the
/// stack goes.
/// </summary>
public sealed class ProjectServices : ComponentResource
{
    private static readonly ImmutableArray<string> Enabled =
    [
        "artifactregistry", "billingbudgets", "certificatemanager", "cloudbilling", "cloudkms", "cloudresourcemanager", "compute", "container", "containerscanning", "containersecurity", "dns", "gkebackup",
        "iam", "iamcredentials", "logging", "monitoring", "networksecurity", "pubsub", "secretmanager", "securitycenter", "servicenetworking", "sqladmin", "storage",
    ];

    /// <summary>Those whose account comes only with the first use, or by being asked for; that of the others is there when they are.</summary>
    private static readonly ImmutableArray<string> WithAccount = ["artifactregistry", "container", "gkebackup", "pubsub", "secretmanager", "sqladmin"];

    /// <summary>Switches the services on.</summary>
    public ProjectServices(string name, ProjectServicesArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:ProjectServices", name, args, options)
    {
        List<Output<string>> ready = [];
        Dictionary<string, Service> services = [];
        foreach (string service in Enabled)
        {
            Service enabled = new($"{name}-{service}", new ServiceArgs
            {
                Project = args.Project,
                ServiceName = $"{service}.googleapis.com",
                DisableOnDestroy = false,
                DisableDependentServices = false,
            }, new CustomResourceOptions { Parent = this, RetainOnDelete = true });
            services[service] = enabled;
            ready.Add(enabled.Id);
            if (WithAccount.Contains(service))
            {
                ready.Add(new ServiceIdentity($"{name}-{service}", new ServiceIdentityArgs
                {
                    Project = args.Project,
                    Service = $"{service}.googleapis.com",
                }, new CustomResourceOptions { Parent = this, DependsOn = { enabled } }).Id);
            }
        }

        // The account of the storage is made when it is first asked for, and by nothing else (Cloud Storage documentation, "Cloud Storage service agent").
        StorageAgent = GetProjectServiceAccount.Invoke(
            new GetProjectServiceAccountInvokeArgs { Project = args.Project },
            new InvokeOutputOptions { Parent = this, DependsOn = { services["storage"] } }).Apply(agent => agent.Member);
        Project = Output.All(ready).Apply(_ => args.Project);
        RegisterOutputs(new Dictionary<string, object?> { ["project"] = Project, ["storageAgent"] = StorageAgent });
    }

    /// <summary>The project, once its services are there: a provider of it waits for them, and whatever is made by that provider does.</summary>
    [Output("project")]
    public Output<string> Project { get; private set; }

    /// <summary>The account in whose name Google's storage encrypts, as a member of a policy; known once it is there.</summary>
    [Output("storageAgent")]
    public Output<string> StorageAgent { get; private set; }
}
