using Jeju.Infra.Components.Resources;
using Pulumi;

namespace Jeju.Infra.Components.Marketplace;

/// <summary>A service ordered on chain, and the name under which it is found.</summary>
public sealed class OrderedService : ComponentResource
{
    /// <summary>The order's id.</summary>
    [Output("orderId")]
    public Output<string> OrderId { get; private set; }

    /// <summary>Host and port of the service.</summary>
    [Output("endpoint")]
    public Output<string> Endpoint { get; private set; }

    /// <summary>Address and credentials in the form that the usual clients take; a secret.</summary>
    [Output("connectionString")]
    public Output<string> ConnectionString { get; private set; }

    /// <summary>Registers the order and its name.</summary>
    /// <param name="name">The component's name.</param>
    /// <param name="args">What is ordered.</param>
    /// <param name="options">Resource options.</param>
    public OrderedService(string name, OrderedServiceArgs args, ComponentResourceOptions? options = null)
        : base("jeju:marketplace:OrderedService", name, args, options)
    {
        var order = new ProvisionedNode(
            name,
            new ProvisionedNodeArgs
            {
                Suite = args.Suite,
                Signer = args.Consumer,
                Kind = args.Kind,
                Region = args.Region,
                Tee = args.Tee,
                Hours = args.Hours,
                MaximumPricePerHour = args.MaximumPricePerHour,
                WaitFor = args.WaitFor,
                EncryptionKey = args.EncryptionKey,
            },
            new CustomResourceOptions
            {
                Parent = this,
                // Where a replacement is forced, the old lease has to end before the same order can be placed again.
                DeleteBeforeReplace = true,
                CustomTimeouts = args.ReadyDeadline is { } deadline ? new CustomTimeouts { Create = deadline, Update = deadline } : null,
            });

        _ = new JnsName(
            $"{name}-name",
            new JnsNameArgs { Suite = args.Suite, Signer = args.Consumer, Name = args.JnsName, OrderId = order.OrderId },
            new CustomResourceOptions { Parent = this, DeleteBeforeReplace = true });

        OrderId = order.OrderId;
        Endpoint = Output.Format($"{order.Host}:{order.Port}");
        ConnectionString = order.ConnectionString;
        RegisterOutputs(new Dictionary<string, object?> { ["orderId"] = OrderId, ["endpoint"] = Endpoint, ["connectionString"] = ConnectionString });
    }
}

/// <summary>What an <see cref="OrderedService"/> orders.</summary>
public sealed class OrderedServiceArgs : ResourceArgs
{
    /// <summary>The contracts to work with.</summary>
    [Input("suite", required: true)]
    public Input<SuiteArgs> Suite { get; set; } = null!;

    /// <summary>The key that orders and pays, and owns the name.</summary>
    [Input("consumer", required: true)]
    public Input<SignerArgs> Consumer { get; set; } = null!;

    /// <summary>The kind of service.</summary>
    [Input("kind", required: true)]
    public Input<string> Kind { get; set; } = null!;

    [Input("encryptionKey")]
    private Input<string>? _encryptionKey;

    /// <summary>The X25519 key for which the credentials are sealed; derived from the consumer's where absent. Always a secret.</summary>
    public Input<string>? EncryptionKey
    {
        get => _encryptionKey;
        set
        {
            _encryptionKey = null;
            if (value is not null)
            {
                _encryptionKey = Output.CreateSecret(value.ToOutput());
            }
        }
    }

    /// <summary>The region that the node must be in; any where absent.</summary>
    [Input("region")]
    public Input<string>? Region { get; set; }

    /// <summary>Whether it must run in a trusted execution environment.</summary>
    [Input("tee", required: true)]
    public Input<bool> Tee { get; set; } = null!;

    /// <summary>The length of the lease in hours.</summary>
    [Input("hours", required: true)]
    public Input<int> Hours { get; set; } = null!;

    /// <summary>The highest price accepted, in the smallest unit of the payment token.</summary>
    [Input("maximumPricePerHour", required: true)]
    public Input<string> MaximumPricePerHour { get; set; } = null!;

    /// <summary>When the order counts as done: <c>accepted</c> or <c>ready</c>.</summary>
    [Input("waitFor", required: true)]
    public Input<string> WaitFor { get; set; } = null!;

    /// <summary>The JNS name of the service.</summary>
    [Input("jnsName", required: true)]
    public Input<string> JnsName { get; set; } = null!;

    /// <summary>How long the service may take until it is ready, by the catalog; it is the operation's timeout, not a property.</summary>
    public TimeSpan? ReadyDeadline { get; set; }
}
