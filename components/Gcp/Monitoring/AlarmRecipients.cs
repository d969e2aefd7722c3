using System.Collections.Immutable;
using Pulumi;
using Pulumi.Gcp.Monitoring;

namespace Jeju.Infra.Components.Gcp;

/// <summary>Who is told.</summary>
public sealed class AlarmRecipientsArgs : ResourceArgs
{
    /// <summary>Mail addresses.</summary>
    public required IReadOnlyList<string> Recipients { get; init; }
}

/// <summary>A channel to each person who hears of alarms and of cost.</summary>
public sealed class AlarmRecipients : ComponentResource
{
    /// <summary>Declares the channels.</summary>
    public AlarmRecipients(string name, AlarmRecipientsArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:AlarmRecipients", name, args, options)
    {
        Channels = Output.All(args.Recipients.Select((recipient, index) => new NotificationChannel($"{name}-{index}", new NotificationChannelArgs
        {
            Type = "email",
            DisplayName = recipient,
            Labels = { ["email_address"] = recipient },
        }, new CustomResourceOptions { Parent = this }).Name));
        RegisterOutputs(new Dictionary<string, object?> { ["channels"] = Channels });
    }

    /// <summary>The channels' names, in the order of the recipients.</summary>
    [Output("channels")]
    public Output<ImmutableArray<string>> Channels { get; private set; }
}
