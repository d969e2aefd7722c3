using Jeju.Infra.Core;

namespace Jeju.Infra.Components.Aws;

/// <summary>Trust policies of roles that a cloud service assumes.</summary>
internal static class ServiceTrust
{
    /// <summary>The trust policy for one service.</summary>
    /// <param name="service">The service's principal, for example <c>eks.amazonaws.com</c>.</param>
    /// <param name="actions">What it may do with the role; <c>sts:AssumeRole</c> where absent.</param>
    public static string Of(string service, params string[] actions) =>
        new IamPolicyDocument(new IamStatement("AssumeByService", actions.Length == 0 ? ["sts:AssumeRole"] : actions, [])
        {
            Principals = new Dictionary<string, string> { ["Service"] = service },
        }).ToJson();
}
