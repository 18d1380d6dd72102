using System.CommandLine;
using System.Runtime.InteropServices;
using ClusterTrail.Kms;
using ClusterTrail.Kubernetes;
using ClusterTrail.Kubernetes.Client;
using ClusterTrail.Kubernetes.Connecting;
using ClusterTrail.Operator;
using ClusterTrail.Operator.Model;
using ClusterTrail.Telemetry;
using Microsoft.Extensions.Logging;

const int Stopped = 0;
const int Failed = 1;
const int Refused = 2;

var ownNamespace = new Option<string>("--namespace")
{
    Description = "The operator's namespace: agents run there, and Secrets and ConfigMaps that Trails name are read there. "
        + "The default is $POD_NAMESPACE.",
    DefaultValueFactory = _ => Environment.GetEnvironmentVariable("POD_NAMESPACE") ?? "",
};
var image = new Option<string>("--agent-image") { Description = "The agents' image, for Trails that do not name one.", Required = true };
var telemetryPeers = new Option<string?>("--telemetry-from")
{
    Description = "Who may connect to the agents' telemetry: a JSON list of peers of a NetworkPolicy. The default is everyone.",
};
telemetryPeers.Validators.Add(result =>
{
    if (result.GetValueOrDefault<string?>() is { } peers && !NetworkPeers.IsValid(peers))
        result.AddError("--telemetry-from is not a JSON list of peers, such as [{\"podSelector\":{}}], with one at least.");
});
var listen = new Option<string>("--listen")
{
    Description = "Where /metrics, /healthz and /readyz are served.",
    DefaultValueFactory = _ => "[::]:8080",
};
var lease = new Option<string>("--lease")
{
    Description = "The name of the Lease that the leader holds.",
    DefaultValueFactory = _ => "clustertrail-operator",
};
var poll = new Option<int>("--poll-seconds")
{
    Description = "How often the operator requests the agents' status, 1 to 300 s.",
    DefaultValueFactory = _ => 10,
};
var kubeconfig = new Option<string?>("--kubeconfig")
{
    Description = "A kubeconfig file. The default is that of kubectl, or the cluster that this runs in.",
};
var workloads = new Option<bool>("--workloads")
{
    Description = "Let Trails and TrailSelectors have agents on all nodes, which record what containers write and execute.",
};
var kmsKey = new Option<string?>("--kms-key")
{
    Description = "The key in AWS KMS that signs key records: id, ARN or alias. "
        + "The default is a key in a Secret that the operator creates.",
};
var kmsRegion = new Option<string?>("--kms-region")
{
    Description = "The key's region. The default is that of an ARN, else the environment's.",
};
var kmsEndpoint = new Option<string?>("--kms-endpoint") { Description = "The URL of KMS. The default is the region's." };
poll.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() is < 1 or > 300)
        result.AddError($"--poll-seconds is {result.GetValueOrDefault<int>()}; allowed: 1 to 300.");
});

var run = new Command("run", "Run the agents of Trails until SIGTERM.")
{
    ownNamespace, image, telemetryPeers, listen, lease, poll, workloads, kubeconfig, kmsKey, kmsRegion, kmsEndpoint,
};
run.SetAction(parsed => GuardedAsync(() => RunAsync(
    parsed.GetValue(kubeconfig),
    new()
    {
        Namespace = parsed.GetRequiredValue(ownNamespace) is { Length: > 0 } given
            ? given
            : throw new ConnectionException("--namespace is not given and POD_NAMESPACE is not set; give the operator's namespace."),
        AgentImage = parsed.GetRequiredValue(image),
        TelemetryPeers = parsed.GetValue(telemetryPeers),
        Listen = parsed.GetRequiredValue(listen),
        Lease = parsed.GetRequiredValue(lease),
        Workloads = parsed.GetValue(workloads),
        Kms = parsed.GetValue(kmsKey) is { Length: > 0 } keyId
            ? new(keyId, parsed.GetValue(kmsRegion), parsed.GetValue(kmsEndpoint))
            : null,
        Poll = TimeSpan.FromSeconds(parsed.GetRequiredValue(poll)),
        Identity = $"{Environment.GetEnvironmentVariable("POD_NAME") ?? Environment.MachineName}_{Guid.NewGuid():N}",
    })));
var root = new RootCommand(
    """
    The ClusterTrail operator: a Trail becomes running agents.

    Exit codes: 0 stopped, 1 failed, 2 a wrong configuration or command line.
    """) { run };
var result = root.Parse(args);
var code = await result.InvokeAsync(new() { ProcessTerminationTimeout = null });
return result.Errors.Count > 0 ? Refused : code;

static async Task<int> RunAsync(string? kubeconfig, OperatorOptions options)
{
    using var loggers = LogLines.CreateFactory();
    using var stopping = new CancellationTokenSource();
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    var connection = ClusterConnection.Find(kubeconfig);
    var client = new ClusterOptions
    {
        FieldManager = "clustertrail-operator",
        UserAgent = $"clustertrail-operator/{BuildInfo.Current.Version}",
    };
    using var traces = Traces.Start(options.Identity, loggers.CreateLogger("Traces"));
    using var host = new OperatorHost(
        metrics => new KubernetesCluster(connection, client, metrics, TimeProvider.System, loggers.CreateLogger<KubernetesCluster>()),
        options, loggers, TimeProvider.System, new ApiServerPages(connection));
    try
    {
        await host.RunAsync(stopping.Token);
    }
    catch (OperationCanceledException) when (stopping.IsCancellationRequested)
    {
    }

    return Stopped;

    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stopping.Cancel();
    }
}

static async Task<int> GuardedAsync(Func<Task<int>> action)
{
    try
    {
        return await action();
    }
    catch (Exception e) when (e is ConnectionException or TelemetryException or KmsException)
    {
        Console.Error.WriteLine(e.Message);
        return Refused;
    }
    catch (Exception e)
    {
        Console.Error.WriteLine($"clustertrail-operator failed: {e}");
        return Failed;
    }
}
