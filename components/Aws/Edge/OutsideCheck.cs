using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.Route53;

namespace Jeju.Infra.Components.Aws;

/// <summary>How an endpoint is asked from outside, from several continents. A server that takes calls alone is asked for a connection to its edge.</summary>
internal static class OutsideCheck
{
    public static Output<string> Declare(string name, string host, Endpoint endpoint, CustomResourceOptions options)
    {
        HealthCheckArgs check = new() { Fqdn = host, Port = 443, RequestInterval = 30, FailureThreshold = 3 };
        if (endpoint.AnswersPlainRequests)
        {
            check.Type = "HTTPS";
            check.ResourcePath = endpoint.HealthPath;
            check.EnableSni = true;
        }
        else
        {
            check.Type = "TCP";
        }

        return new HealthCheck(name, check, options).Id;
    }
}
