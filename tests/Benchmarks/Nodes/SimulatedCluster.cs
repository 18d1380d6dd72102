using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Testing.Cluster;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Benchmarks.Nodes;

/// <summary>The nodes, the agents' pods and the pods of teams of a large cluster, in a real API server.</summary>
sealed class SimulatedCluster(ClusterServer cluster, int nodes, int podsOfNode)
{
    const int Namespaces = 50;

    // Of pods of one Deployment all labels are the same, but for the number of a StatefulSet's.
    const int PodsOfApp = 20;

    public const string Namespace = "clustertrail-system";
    public const string Trail = "main";

    public int Nodes => nodes;

    public int Pods => nodes * podsOfNode;

    public static IEnumerable<string> Teams => Enumerable.Range(0, Namespaces).Select(number => $"team-{number}");

    public static string NodeOf(int number) => $"node-{number:d5}";

    /// <summary>The first is of the control plane.</summary>
    public async Task CreateNodesAsync()
    {
        foreach (var name in Teams.Append(Namespace))
            await PostAsync("/api/v1/namespaces", $$$$"""{"metadata": {"name": "{{{{name}}}}"}}""");
        await EachAsync(nodes, number => PostAsync("/api/v1/nodes", Node(number)));
    }

    public Task CreatePodsAsync() => EachAsync(Pods, number => CreatePodAsync(number, generation: 0));

    /// <summary>What the DaemonSets of the operator become: an agent on each node, and one beside the API server.</summary>
    public async Task CreateAgentsAsync(int port)
    {
        var owners = new Dictionary<AgentRole, string>();
        foreach (var role in AgentRoles.All)
            owners[role] = await DaemonSetAsync(role);
        await EachAsync(nodes, number => CreateAgentAsync(number, number, AgentRole.Workloads, owners, port));
        await CreateAgentAsync(nodes, node: 0, AgentRole.ApiServer, owners, port);
    }

    /// <summary>A pod of a team goes and another takes its place.</summary>
    public async Task ReplaceAsync(int number, int generation)
    {
        using var answer = await cluster.Http.DeleteAsync(
            $"/api/v1/namespaces/{TeamOf(number)}/pods/{PodOf(number, generation - 1)}?gracePeriodSeconds=0");
        await CheckAsync(answer);
        await CreatePodAsync(number, generation);
    }

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await cluster.Http.GetStringAsync(path))!;

    public async Task PostAsync(string path, string body)
    {
        using var answer = await cluster.Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        await CheckAsync(answer);
    }

    public async Task PatchAsync(string path, string body)
    {
        using var answer = await cluster.Http.PatchAsync(path, new StringContent(body, Encoding.UTF8, "application/merge-patch+json"));
        await CheckAsync(answer);
    }

    static Task EachAsync(int count, Func<int, Task> act) => Parallel.ForAsync(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, _) => await act(number));

    static async Task CheckAsync(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    static string TeamOf(int pod) => $"team-{pod / PodsOfApp % Namespaces}";

    static string PodOf(int pod, int generation) => $"app-{pod / PodsOfApp}-{pod % PodsOfApp}-{generation}";

    Task CreatePodAsync(int number, int generation) => PostAsync(
        $"/api/v1/namespaces/{TeamOf(number)}/pods",
        $$$$"""
        {"metadata": {"name": "{{{{PodOf(number, generation)}}}}", "labels": {
            "app": "app-{{{{number / PodsOfApp}}}}", "tier": "t{{{{number % 3}}}}", "pod-template-hash": "5d8c7b9f{{{{generation}}}}"}},
          "spec": {"nodeName": "{{{{NodeOf(number % nodes)}}}}", "containers": [
            {"name": "app", "image": "registry.example.com/app:1.2.3", "env": [{"name": "SETTING", "value": "{{{{new string('v', 200)}}}}"}]}]},
          "status": {"phase": "Running"}}
        """);

    async Task<string> DaemonSetAsync(AgentRole role)
    {
        var name = new AgentNames(Trail).DaemonSetOf(role);
        var made = await GetAsync($"/apis/apps/v1/namespaces/{Namespace}/daemonsets/{name}");
        var count = role == AgentRole.ApiServer ? 1 : nodes;
        await PatchAsync(
            $"/apis/apps/v1/namespaces/{Namespace}/daemonsets/{name}/status",
            $$$$"""
            {"status": {"desiredNumberScheduled": {{{{count}}}}, "currentNumberScheduled": {{{{count}}}}, "numberReady": {{{{count}}}},
              "numberAvailable": {{{{count}}}}, "updatedNumberScheduled": {{{{count}}}}, "observedGeneration": {{{{made["metadata"]!["generation"] ?? 1}}}}}}
            """);
        return (string)made["metadata"]!["uid"]!;
    }

    async Task CreateAgentAsync(int number, int node, AgentRole role, Dictionary<AgentRole, string> owners, int port)
    {
        var name = $"{new AgentNames(Trail).DaemonSetOf(role)}-{number:d5}";
        var labels = string.Join(", ", AgentLabels.OfPods(Trail, role).Select(label => $"\"{label.Key}\": \"{label.Value}\""));
        await PostAsync(
            $"/api/v1/namespaces/{Namespace}/pods",
            $$$$"""
            {"metadata": {"name": "{{{{name}}}}", "labels": { {{{{labels}}}} }, "ownerReferences": [{"apiVersion": "apps/v1", "kind": "DaemonSet",
                "name": "{{{{new AgentNames(Trail).DaemonSetOf(role)}}}}", "uid": "{{{{owners[role]}}}}", "controller": true}]},
              "spec": {"nodeName": "{{{{NodeOf(node)}}}}", "containers": [{"name": "agent", "image": "agent:1",
                "ports": [{"name": "{{{{AgentNames.TelemetryPort}}}}", "containerPort": {{{{port}}}}}]}],
                "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
                  {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["{{{{NodeOf(node)}}}}"]}]}]} } } } }
            """);
        var address = SimulatedAgents.AddressOf(number);
        await PatchAsync(
            $"/api/v1/namespaces/{Namespace}/pods/{name}/status",
            $$$$"""
            {"status": {"phase": "Running", "podIP": "{{{{address}}}}", "podIPs": [{"ip": "{{{{address}}}}"}], "startTime": "{{{{Now}}}}",
              "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "{{{{Now}}}}"}],
              "containerStatuses": [{"name": "agent", "ready": true, "started": true, "restartCount": 0, "image": "agent:1",
                "imageID": "sha256:0123456789abcdef", "state": {"running": {"startedAt": "{{{{Now}}}}"}}}]}}
            """);
    }

    static string Node(int number)
    {
        var role = number == 0 ? "\"node-role.kubernetes.io/control-plane\": \"\", " : "";
        return $$$$"""
            {"metadata": {"name": "{{{{NodeOf(number)}}}}", "labels": { {{{{role}}}}"kubernetes.io/hostname": "{{{{NodeOf(number)}}}}",
                "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", "topology.kubernetes.io/zone": "zone-{{{{number % 3}}}}",
                "node.kubernetes.io/instance-type": "m6i.xlarge"}},
              "status": {"conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady", "message": "posts ready status",
                "lastHeartbeatTime": "{{{{Now}}}}", "lastTransitionTime": "{{{{Now}}}}"}]}}
            """;
    }

    static string Now => $"{DateTimeOffset.UtcNow:yyyy-MM-ddTHH:mm:ssZ}";
}
