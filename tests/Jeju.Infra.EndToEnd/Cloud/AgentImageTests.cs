using System.Text.Json.Nodes;
using Jeju.Infra.Cli.Processes;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.Marketplace.Images;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary>The agent's image, run as a cluster would run it: everything that the container is given comes from the planned pod.</summary>
[Collection(PlannedStacks.Collection)]
public sealed class AgentImageTests(PlannedStacks plans)
{
    private const string Key = "0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";

    [DockerFact]
    public async Task The_agents_image_runs_agent_and_gateway_as_their_pods_declare_it_and_answers_the_probes()
    {
        using DockerEngine docker = new(TimeProvider.System);
        AvailableImage image = await new ImageStore(docker, JejuScript.Layout, TimeProvider.System).BuildAsync(new ServiceImage(OwnImages.Agent, OwnImages.Agent), null, default);
        try
        {
            Assert.Contains("no provider node yet", await RunAsync(docker, image, WorkloadNames.DwsAgent, 4030), StringComparison.Ordinal);
            Assert.Contains("leases of leases.", await RunAsync(docker, image, WorkloadNames.LeaseGateway, LeaseAccess.HealthPort), StringComparison.Ordinal);
        }
        finally
        {
            // Every change of the program makes another image; nobody else has this one.
            await docker.RemoveImageAsync(image.Reference, default);
        }
    }

    /// <summary>Runs a planned workload until it answers its readiness probe, and returns what it wrote.</summary>
    private async Task<string> RunAsync(DockerEngine docker, AvailableImage image, string workload, int port)
    {
        PlannedWorkload planned = PlannedWorkload.Of(plans.Of("testnet")).Single(candidate => candidate.Name == workload);
        JsonNode container = planned.Containers.Single();
        string folder = Directory.CreateTempSubdirectory("jeju-agent-image-").FullName;
        string name = Path.GetFileName(folder);
        try
        {
            Dictionary<string, string> memory = [];
            List<DockerMount> mounts = [];
            foreach (JsonNode mount in container["volumeMounts"]!.AsArray().OfType<JsonNode>())
            {
                string path = mount["mountPath"]!.GetValue<string>();
                JsonNode? volume = planned.Pod["volumes"]!.AsArray().SingleOrDefault(volume => volume!["name"]!.GetValue<string>() == mount["name"]!.GetValue<string>());
                if (Files(volume) is { } files)
                {
                    string host = Directory.CreateDirectory(Path.Combine(folder, mount["name"]!.GetValue<string>())).FullName;
                    foreach ((string file, string text) in files)
                    {
                        await File.WriteAllTextAsync(Path.Combine(host, file), text);
                    }

                    mounts.Add(new DockerMount("bind", host, path));
                }
                else
                {
                    // The volume of the pod, and its scratch folder: both belong to its group.
                    memory[path] = $"size=16m,uid={planned.Pod["securityContext"]!["fsGroup"]!.GetValue<int>()},mode=0770";
                }
            }

            DockerContainerConfig config = new()
            {
                Image = image.Id,
                User = $"{planned.Pod["securityContext"]!["runAsUser"]}:{planned.Pod["securityContext"]!["runAsGroup"]}",
                Cmd = [.. container["args"]!.AsArray().Select(argument => argument!.GetValue<string>())],
                Env = [.. container["env"]!.AsArray().Select(variable => $"{variable!["name"]}={variable["value"]}")],
                ExposedPorts = new Dictionary<string, DockerEmpty> { [$"{Port(container, "http")}/tcp"] = new() },
            };
            DockerHostConfig limits = new()
            {
                ReadonlyRootfs = container["securityContext"]!["readOnlyRootFilesystem"]!.GetValue<bool>(),
                CapDrop = [.. container["securityContext"]!["capabilities"]!["drop"]!.AsArray().Select(capability => capability!.GetValue<string>())],
                SecurityOpt = ["no-new-privileges"],
                Memory = 512L << 20,
                Tmpfs = memory,
                Mounts = mounts,
                PortBindings = new Dictionary<string, IReadOnlyList<DockerPortBinding>> { [$"{Port(container, "http")}/tcp"] = [new DockerPortBinding("127.0.0.1", "0")] },
            };
            await docker.CreateContainerAsync(new DockerContainerSpecification(name, config, limits), default);
            await docker.StartContainerAsync(name, default);

            Assert.True(limits.ReadonlyRootfs);
            Assert.Equal(port, Port(container, "http"));
            using HttpClient http = new();
            Uri health = new($"http://127.0.0.1:{await PublishedAsync(name, Port(container, "http"))}{container["readinessProbe"]!["httpGet"]!["path"]}");
            string answer = string.Empty;
            await Eventually.IsTrueAsync("the agent answers its probe", TimeSpan.FromSeconds(60), async () =>
            {
                Assert.True((await docker.FindContainerAsync(name, default))!.State.Running, await docker.ReadLogTailAsync(name, 20, default));
                try
                {
                    answer = await http.GetStringAsync(health);
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            });
            Assert.Equal("ok", answer);
            return await docker.ReadLogTailAsync(name, 20, default) ?? string.Empty;
        }
        finally
        {
            await docker.RemoveContainerAsync(name, default);
            Directory.Delete(folder, recursive: true);
        }

        IEnumerable<(string, string)>? Files(JsonNode? volume) => volume switch
        {
            null => null,
            _ when volume["secret"] is not null => [(SecretCatalog.AgentKey.OnlyKey, Key)],
            _ when volume["configMap"] is { } config => plans.Of("testnet")
                .Where(resource => resource.Type == "kubernetes:core/v1:ConfigMap" && resource.Text("metadata", "name") == config["name"]!.GetValue<string>() && config["optional"] is null)
                .SelectMany(resource => PlannedWorkload.Node(resource)["data"]!.AsObject())
                .Select(file => (file.Key, file.Value!.GetValue<string>())),
            _ => null,
        };
    }

    private static int Port(JsonNode container, string name) =>
        container["ports"]!.AsArray().Single(port => port!["name"]!.GetValue<string>() == name)!["containerPort"]!.GetValue<int>();

    private static async Task<string> PublishedAsync(string name, int port)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(1));
        CommandRun run = await CommandRun.RunAsync(new ChildProcessStart("docker", "port", name, $"{port}/tcp"), deadline.Token);
        return run.Succeeded().Output.Trim().Split(':')[^1];
    }
}
