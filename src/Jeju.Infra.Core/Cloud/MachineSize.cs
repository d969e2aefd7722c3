using System.Globalization;
using System.Text.RegularExpressions;

namespace Jeju.Infra.Core;

/// <summary>How much of a node pods can have.</summary>
/// <param name="Millicores">Processor time, in thousandths of a core.</param>
/// <param name="Mebibytes">Memory in MiB.</param>
public readonly record struct NodeRoom(int Millicores, int Mebibytes);

/// <summary>A machine type's size.</summary>
/// <param name="Cores">Virtual processors.</param>
/// <param name="Mebibytes">Memory in MiB.</param>
public sealed partial record MachineSize(int Cores, int Mebibytes)
{
    /// <summary>
    /// What every node runs besides: the network's, the volumes', the logs' and the metrics' agents of the cloud and of the cluster. Both clouds' add-ons ask for some four tenths of a core and half a gigabyte.
    /// </summary>
    private static readonly NodeRoom Agents = new(500, 768);

    /// <summary>Gigabytes per virtual processor of the families that a cluster's nodes come from (Amazon EC2 and Compute Engine documentation, "Instance types" and "Machine families").</summary>
    private static readonly Dictionary<string, int> MemoryPerCore = new(StringComparer.Ordinal)
    {
        ["t"] = 4, ["m"] = 4, ["c"] = 2, ["r"] = 8, ["standard"] = 4, ["highmem"] = 8, ["highcpu"] = 1,
    };

    /// <summary>The size of a machine type.</summary>
    /// <param name="cloud">The cloud.</param>
    /// <param name="machineType">The type, for example <c>m6a.4xlarge</c> or <c>n2-standard-8</c>.</param>
    /// <returns>The size; <see langword="null"/> for a type that follows none of the cloud's usual names.</returns>
    public static MachineSize? Find(CloudName cloud, string machineType)
    {
        Match match = (cloud == CloudName.Aws ? AmazonType() : GoogleType()).Match(machineType);
        if (!match.Success)
        {
            return null;
        }

        int cores = match.Groups["size"].Value switch
        {
            "large" => 2,
            "xlarge" => 4,
            { } size => int.Parse(size.Replace("xlarge", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * (cloud == CloudName.Aws ? 4 : 1),
        };
        return new MachineSize(cores, cores * MemoryPerCore[match.Groups["family"].Value] * 1024);
    }

    /// <summary>
    /// What is left for pods: both clouds keep a share for the node's own programs that grows with the machine, and a reserve of memory before pods are evicted (Google Kubernetes Engine documentation, "Plan
    /// node sizes"; the image of EKS reserves a little less). What every node runs besides is taken off as well.
    /// </summary>
    public NodeRoom Room
    {
        get
        {
            double gigabytes = Mebibytes / 1024d;
            double memory = (Share(gigabytes, 0, 4) * 0.25) + (Share(gigabytes, 4, 8) * 0.2) + (Share(gigabytes, 8, 16) * 0.1) + (Share(gigabytes, 16, 128) * 0.06) + (Share(gigabytes, 128, double.MaxValue) * 0.02);
            double cores = (Share(Cores, 0, 1) * 0.06) + (Share(Cores, 1, 2) * 0.01) + (Share(Cores, 2, 4) * 0.005) + (Share(Cores, 4, double.MaxValue) * 0.0025);
            return new NodeRoom((Cores * 1000) - (int)(cores * 1000) - Agents.Millicores, Mebibytes - (int)(memory * 1024) - 100 - Agents.Mebibytes);
        }
    }

    private static double Share(double value, double from, double to) => Math.Clamp(value, from, to) - from;

    [GeneratedRegex(@"^(?<family>[tmcr])[0-9][a-z]*\.(?<size>large|[0-9]*xlarge)$", RegexOptions.CultureInvariant)]
    private static partial Regex AmazonType();

    [GeneratedRegex(@"^(e2|n2|n2d|c3|c3d|c4|n4)-(?<family>standard|highmem|highcpu)-(?<size>[0-9]{1,3})$", RegexOptions.CultureInvariant)]
    private static partial Regex GoogleType();
}
