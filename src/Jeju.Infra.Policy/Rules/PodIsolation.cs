using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Policy.Rules;

/// <summary>A container stays in its own room: no rights on the host, no host network, no host files.</summary>
internal sealed class PodIsolation() : PolicyRule(913, "no pod with rights on its host")
{
    public override IEnumerable<PolicyFinding> Judge(PlanUnderReview plan) =>
        from resource in plan.Resources
        let pod = PlannedPod.Of(resource)
        where pod is not null
        from problem in Problems(pod)
        select Refuse(resource, problem.Reason, problem.Remedy);

    private static IEnumerable<(string Reason, string Remedy)> Problems(PropertyMap pod)
    {
        foreach (var host in (string[])["hostNetwork", "hostPID", "hostIPC"])
        {
            if (pod.Find(host)?.IsTrue() == true)
            {
                yield return ($"{host} is true.", "Take it off; a service or a node port of the platform does the same without the host.");
            }
        }

        foreach (var volume in pod.Each("volumes").OfType<PropertyMap>().Where(volume => volume.ContainsKey("hostPath")))
        {
            yield return ($"The volume '{volume.Text("name")}' is a folder of the host.", "Use a claim, an emptyDir or a projected volume.");
        }

        foreach (var container in PlannedPod.Containers(pod))
        {
            var name = container.Text("name");
            if (container.Each("securityContext.privileged").Any(PlannedInputs.IsTrue))
            {
                yield return ($"The container '{name}' is privileged.", "Take privileged off and add the one capability that is needed.");
            }

            if (container.Each("securityContext.allowPrivilegeEscalation").Any(PlannedInputs.IsTrue))
            {
                yield return ($"The container '{name}' may gain privileges.", "Set allowPrivilegeEscalation to false.");
            }

            foreach (var capability in container.Each("securityContext.capabilities.add").Select(PlannedInputs.AsText).Where(capability => capability is "ALL" or "SYS_ADMIN" or "SYS_PTRACE" or "SYS_MODULE"))
            {
                yield return ($"The container '{name}' has the capability {capability}.", "Drop all capabilities and add only what it uses.");
            }

            foreach (var port in container.Each("ports.hostPort").Select(PlannedInputs.AsText))
            {
                yield return ($"The container '{name}' takes port {port} of the host.", "Use a service.");
            }
        }
    }
}
