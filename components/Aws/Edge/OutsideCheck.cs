using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.Route53;

namespace Jeju.Infra.Components.Aws;

/// <summary>How an endpoint is asked from outside, from several continents. A server that takes calls alone is asked for a connection to its edge.</summary>
internal static class OutsideCheck
{
    public static Output<string> Declare(string name, Input<string> host, Endpoint endpoint, CustomResourceOptions options)
    {
        const int edgePort = 443;
        if (!endpoint.AnswersPlainRequests)
        {
            return ForConnection(name, host, edgePort, options);
        }

        HealthCheckArgs check = Every30Seconds(host, edgePort);
        check.Type = "HTTPS";
        check.ResourcePath = endpoint.HealthPath;
        check.EnableSni = true;
        return new HealthCheck(name, check, options).Id;
    }

    public static Output<string> ForConnection(string name, Input<string> host, int port, CustomResourceOptions options)
    {
        HealthCheckArgs check = Every30Seconds(host, port);
        check.Type = "TCP";
        return new HealthCheck(name, check, options).Id;
    }

    private static HealthCheckArgs Every30Seconds(Input<string> host, int port) => new() { Fqdn = host, Port = port, RequestInterval = 30, FailureThreshold = 3 };
}
