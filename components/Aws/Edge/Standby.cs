using Pulumi;

namespace Jeju.Infra.Components.Aws;

/// <summary>Another cloud that answers to the same names.</summary>
/// <param name="Address">The public address of its entry.</param>
/// <param name="SiteAddress">The public address of its sites.</param>
/// <param name="SiteAddressV6">The same in version 6.</param>
/// <param name="Zone">Its own zone, under whose names its health is asked.</param>
public sealed record Standby(Input<string> Address, Input<string> SiteAddress, Input<string> SiteAddressV6, string Zone)
{
    /// <summary>How long a resolver keeps its addresses: they are given out in an outage, and taken back after it.</summary>
    internal const int TimeToLiveSeconds = 60;
}
