using System.Text.Json.Nodes;

namespace ClusterTrail.Testing.Nodes.Tests;

/// <summary>Pods that the API server does not take.</summary>
public sealed class AdmissionTests
{
    const string Capability =
        " capabilities (container \"agent\" must not include \"DAC_READ_SEARCH\" in securityContext.capabilities.add)";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("restricted", "unrestricted" + Capability + """
        , restricted volume types (volume "log" uses restricted volume type "hostPath")
        """ + ", runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false), runAsUser=0 (pod must not set runAsUser=0)")]
    [InlineData("baseline", "non-default" + Capability + ", hostPath volumes (volume \"log\")")]
    public async Task PodSecurityIsByTheLabelOfTheNamespace(string level, string violation)
    {
        await using var cluster = await StartAsync();
        await LabelAsync(cluster, level);

        await cluster.ApplyAndSettleAsync(Some.DaemonSetOf());

        Assert.Empty(await cluster.PodsAsync());
        Assert.Equal((1, 0), ((await cluster.StatusAsync()).DesiredNumberScheduled, (await cluster.StatusAsync()).CurrentNumberScheduled));
        var reported = Assert.Single(await cluster.EventsAsync());
        Assert.Equal(
            ("Warning", "FailedCreate", "DaemonSet", "agents"),
            (reported.Type, reported.Reason, reported.Regarding!.Kind, reported.Regarding.Name));
        Assert.Matches("^Error creating: pods \"agents-[a-z0-9]{5}\" is forbidden: ", reported.Note!);
        Assert.EndsWith($"violates PodSecurity \"{level}:latest\": {violation}", reported.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARefusedPodIsTriedAgainLaterAndLater()
    {
        await using var cluster = await StartAsync();
        cluster.Nodes.RefusePods(Some.Namespace, PodRefusal.Quota("pods", 3));
        await cluster.ApplyAndSettleAsync(Some.DaemonSetOf());
        await cluster.AdvanceAsync(600);

        // 5 ms, 10 ms and so on are at most once a second here: 1, 1, ... then 2.56, 5.12, up to 327 s.
        var notes = await cluster.NotesAsync("FailedCreate");
        Assert.InRange(notes.Count, 8, 20);
        Assert.Matches("^Error creating: pods \"agents-[a-z0-9]{5}\" is forbidden: exceeded quota: ", notes[0]);
        Assert.EndsWith(": exceeded quota: pods, requested: pods=1, used: pods=3, limited: pods=3", notes[0], StringComparison.Ordinal);
        Assert.Contains(notes, note => note.StartsWith("(combined from similar events): Error creating: ", StringComparison.Ordinal));

        cluster.Nodes.AllowPods(Some.Namespace);
        await cluster.AdvanceAsync(700);
        Assert.True(PodOf.IsReady(await cluster.PodAsync("cp-1")));
    }

    [Fact]
    public async Task AWebhookRefusesInItsOwnWords()
    {
        await using var cluster = await StartAsync();
        cluster.Nodes.RefusePods(Some.Namespace, PodRefusal.Webhook("policy.example.com", "no root"));

        await cluster.ApplyAndSettleAsync(Some.DaemonSetOf());

        Assert.Contains(
            "Error creating: admission webhook \"policy.example.com\" denied the request: no root",
            await cluster.NotesAsync("FailedCreate"));
    }

    static async Task<Cluster> StartAsync()
    {
        var cluster = new Cluster();
        await cluster.Nodes.AddControlPlaneNodeAsync("cp-1", Cancel);
        await cluster.ApplyAsync(new(OtherKinds.Namespace, new() { ["metadata"] = new JsonObject { ["name"] = Some.Namespace } }));
        await cluster.ApplyAsync(Some.ConfigMapOf());
        return cluster;
    }

    static Task LabelAsync(Cluster cluster, string level) => cluster.ApplyAsync(new(OtherKinds.Namespace, new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = Some.Namespace,
            ["labels"] = new JsonObject { ["pod-security.kubernetes.io/enforce"] = level },
        },
    }));
}
