using Jeju.Infra.Components.Resources;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Gcp.SecretManager;
using Pulumi.Gcp.Sql;

namespace Jeju.Infra.Components.Gcp;

/// <summary>Who logs in to a database.</summary>
public sealed class DatabaseUserArgs : ResourceArgs
{
    /// <summary>The instance's name.</summary>
    [Input("instance", required: true)]
    public Input<string> Instance { get; set; } = null!;

    /// <summary>The user's name, which is that of the workload.</summary>
    public required string UserName { get; init; }

    /// <summary>The secret in Secret Manager that the cluster copies the login from.</summary>
    [Input("secretId", required: true)]
    public Input<string> SecretId { get; set; } = null!;

    /// <summary>Whether user and login outlive the stack, as the database does.</summary>
    public bool Protect { get; init; }
}

/// <summary>A workload's own user of the managed PostgreSQL, with a generated password that is kept in Secret Manager.</summary>
public sealed class DatabaseUser : ComponentResource
{
    /// <summary>Declares the user and its login.</summary>
    public DatabaseUser(string name, DatabaseUserArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:DatabaseUser", name, args, options)
    {
        CustomResourceOptions kept = new() { Parent = this, RetainOnDelete = args.Protect };
        GeneratedPassword password = new(name, new GeneratedPasswordArgs(), new CustomResourceOptions { Parent = this });

        // PostgreSQL drops no user that owns something; it goes with the instance.
        User user = new(name, new UserArgs { Instance = args.Instance, Name = args.UserName, Password = password.Value, DeletionPolicy = "ABANDON" }, kept);
        _ = new SecretVersion(name, new SecretVersionArgs
        {
            Secret = args.SecretId,
            SecretData = Output.Tuple(user.Name, password.Value).Apply(login => DatabaseLogin.ToJson(login.Item1, login.Item2)),
        }, kept);
        RegisterOutputs();
    }
}
