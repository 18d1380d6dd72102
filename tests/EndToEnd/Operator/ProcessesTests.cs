using System.Globalization;
using System.Text.Json.Nodes;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>
/// Programs that containers execute, from a Trail to an archive: the agent has the capabilities that its DaemonSet names, and no others.
/// </summary>
[Requires(Requires.Cluster, Requires.Helm)]
public sealed class ProcessesTests : IAsyncDisposable
{
    const string Node = "worker";
    const string Pods = "/var/log/pods";
    const string Archive = "/var/lib/archive";

    // Of linux/capability.h.
    const ulong DacReadSearch = 1UL << 2;
    const ulong Perfmon = 1UL << 38;
    const ulong Bpf = 1UL << 39;

    OperatedCluster? cluster;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    KubectlUser Admin => cluster!.Admin;

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
    }

    [Fact]
    public async Task ProgramsOfANamespaceAreArchivedAndCounted()
    {
        cluster = await OperatedCluster.StartAsync();
        await cluster.InstallAsync(hasWorkloads: true);
        await StartNodesAsync();
        await cluster.CreateNamespaceAsync("shop");
        await cluster.CreateNamespaceAsync("bank");
        using var shop = await CreateContainerAsync("shop", "web-0");
        using var bank = await CreateContainerAsync("bank", "vault-0");
        await Admin.ApplyAsync(TrailManifest(), Cancellation);
        await cluster.UntilAsync("processes are seen by the kernel's program", async () =>
            await cluster.ConditionAsync("ProcessEvents") == "True KernelProgram");
        await cluster.UntilAsync("it is ready", async () => await cluster.ConditionAsync("Ready") == "True Recording");
        Assert.Equal(DacReadSearch | Perfmon | Bpf, CapabilitiesOfTheAgent());

        await RunAsync(bank, "/bin/true of another namespace");
        await RunAsync(shop, "/bin/true first");
        await RunAsync(shop, "/bin/true second");

        // The shells that enter the control group execute nothing there before these.
        await cluster.UntilAsync("two processes are counted", async () =>
            await cluster.ColumnAsync("{.status.workloads.processes}") == "2");
        Assert.Equal("0", await cluster.ColumnAsync("{.status.workloads.lost}"));
        await Admin.RunAsync(["patch", "trail", "main", "--type=merge", "--patch", """{"spec": {"workloads": []}}"""], Cancellation);
        await cluster.UntilAsync("the agents are gone", () => Task.FromResult(cluster.Nodes.ProcessesOf(Node).Count == 0));
        Assert.Equal(["shop/web-0/app /bin/true first", "shop/web-0/app /bin/true second"], Recorded());
    }

    ulong CapabilitiesOfTheAgent() => ulong.Parse(
        Assert.IsType<PodProcess>(Assert.Single(cluster!.Nodes.ProcessesOf(Node)).Process).EffectiveCapabilities,
        NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    async Task StartNodesAsync()
    {
        await cluster!.StartNodesAsync(
            async nodes =>
            {
                await nodes.AddNodeAsync(Node, cancellationToken: Cancellation);
                // The Trail's own agent: without one it is not ready. Its log is this cluster's.
                await nodes.AddControlPlaneNodeAsync("cp-1", Cancellation);
            },
            Pods, "/var/log/containers", Archive);
        Directory.CreateDirectory(cluster.Runtime.PathOf(Node, Pods));
    }

    async Task<ContainerCgroup> CreateContainerAsync(string @namespace, string pod)
    {
        var uid = await cluster!.CreatePodAsync(@namespace, pod, Node, app: pod);
        Directory.CreateDirectory($"{cluster.Runtime.PathOf(Node, Pods)}/{@namespace}_{pod}_{uid}/app");
        return ContainerCgroup.Create(uid);
    }

    static async Task RunAsync(ContainerCgroup container, string command)
    {
        using var process = container.Start($"exec {command}");
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(0, process.ExitCode);
    }

    IEnumerable<string> Recorded() =>
        from record in ArchivedRecords.OfFolder(cluster!.Runtime.PathOf(Node, Archive))
        where record.GetProperty("eventCategory").GetString() == "Workload"
        let container = record.GetProperty("event").GetProperty("container")
        let process = record.GetProperty("event").GetProperty("process")
        let arguments = process.GetProperty("arguments").EnumerateArray().Select(one => one.GetString())
        let names = new[] { "namespace", "pod", "name" }.Select(name => container.GetProperty(name).GetString())
        let line = $"{string.Join('/', names)} {string.Join(' ', arguments)}"
        orderby line
        select line;

    string TrailManifest() => new JsonObject
    {
        ["apiVersion"] = "clustertrail.io/v1alpha1",
        ["kind"] = "Trail",
        ["metadata"] = new JsonObject { ["name"] = "main" },
        ["spec"] = new JsonObject
        {
            ["clusterName"] = "test",
            ["sources"] = new JsonObject
            {
                ["apiServer"] = new JsonObject
                {
                    ["type"] = "LogFile",
                    ["logFile"] = new JsonObject { ["path"] = cluster!.Cluster.Server!.AuditLog },
                },
            },
            ["workloads"] = JsonNode.Parse("""[{"namespaces": ["shop"], "processes": true}]"""),
            ["workloadAgent"] = new JsonObject { ["nodeSelector"] = new JsonObject { ["kubernetes.io/hostname"] = Node } },
            ["batch"] = new JsonObject { ["maxAgeSeconds"] = 1 },
            ["sink"] = new JsonObject
            {
                ["type"] = "Directory",
                ["directory"] = new JsonObject { ["type"] = "HostPath", ["hostPath"] = new JsonObject { ["path"] = Archive } },
            },
        },
    }.ToJsonString();
}
