namespace ClusterTrail.Testing.Nodes.Tests;

/// <summary>A pod from its start to its end on a node that is well.</summary>
public sealed class KubeletTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task APodStartsStepByStep()
    {
        await using var cluster = new Cluster();
        await cluster.Nodes.AddControlPlaneNodeAsync("cp-1", Cancel);
        await cluster.ApplyAsync(Some.ConfigMapOf());
        await cluster.ApplyAsync(Some.DaemonSetOf());
        cluster.Nodes.AgentOf("cp-1").IsHealthy = false;

        await cluster.SettleAsync();
        var started = await cluster.PodAsync("cp-1");
        Assert.Equal(("Running", false), ((string?)started.Status!["phase"], PodOf.IsReady(started)));
        Assert.StartsWith("127.", (string?)started.Status["podIP"], StringComparison.Ordinal);
        cluster.Nodes.AgentOf("cp-1").IsHealthy = true;
        await cluster.AdvanceAsync(2);

        Assert.True(PodOf.IsReady(await cluster.PodAsync("cp-1")));
        string[] reported = [.. (await cluster.EventsAsync()).Where(one => one.Type == "Normal").Select(one => one.Reason!)];
        Assert.Equal(["Created", "Pulled", "Pulling", "Scheduled", "Started", "SuccessfulCreate"], reported.Order());
    }

    [Fact]
    public async Task EventsOfAKubeletHaveTheFieldsThatRealOnesHave()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");

        var pod = await cluster.PodAsync("cp-1");
        var reported = Assert.Single(await cluster.EventsAsync(), one => one.Reason == "Started");
        Assert.Equal(
            ("Normal", "Started container agent", "kubelet", "cp-1"),
            (reported.Type, reported.Note, reported.ReportingController, reported.ReportingInstance));
        Assert.Equal(
            ("Pod", pod.Metadata.Name, pod.Uid, Some.Namespace),
            (reported.Regarding!.Kind, reported.Regarding.Name, reported.Regarding.Uid, reported.Regarding.NamespaceProperty));
        Assert.Null(reported.EventTime);
        Assert.NotNull(Assert.Single(await cluster.EventsAsync(), one => one.Reason == "Scheduled").EventTime);
    }

    [Fact]
    public async Task ADeletedPodAnswersUntilItHasEnded()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");
        var (pod, agent) = (await cluster.PodAsync("cp-1"), cluster.Nodes.AgentOf("cp-1"));
        agent.EndsAfter = TimeSpan.FromSeconds(10);

        await cluster.DeleteAsync(pod);
        await cluster.AdvanceAsync(9);
        using var http = new HttpClient();
        Assert.Contains(
            "\"trail\": \"main\"",
            await http.GetStringAsync($"http://{pod.Status!["podIP"]}:{Some.Port}/status", Cancel),
            StringComparison.Ordinal);
        var terminating = await cluster.PodAsync("cp-1");
        Assert.Equal(
            (cluster.Now + TimeSpan.FromSeconds(11)).ToUnixTimeSeconds(),
            new DateTimeOffset(terminating.Metadata.DeletionTimestamp!.Value).ToUnixTimeSeconds());
        Assert.True(agent.Running!.IsEnding);
        await cluster.AdvanceAsync(2);

        Assert.DoesNotContain(await cluster.PodsAsync(), one => one.Uid == pod.Uid);
        await Assert.ThrowsAsync<HttpRequestException>(
            () => http.GetStringAsync($"http://{pod.Status!["podIP"]}:{Some.Port}/status", Cancel));
    }

    [Fact]
    public async Task WhatOutlivesItsGraceIsKilled()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");
        var pod = await cluster.PodAsync("cp-1");
        cluster.Nodes.AgentOf("cp-1").EndsAfter = TimeSpan.FromHours(1);

        await cluster.DeleteAsync(pod);
        await cluster.AdvanceAsync(19);
        Assert.True((await cluster.PodAsync("cp-1")).IsDeleted);
        await cluster.AdvanceAsync(3);

        Assert.DoesNotContain(await cluster.PodsAsync(), one => one.Uid == pod.Uid);
    }

    [Fact]
    public async Task AReadinessProbeCountsItsFailures()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");
        cluster.Nodes.AgentOf("cp-1").IsReady = false;

        await cluster.AdvanceAsync(21);
        Assert.True(PodOf.IsReady(await cluster.PodAsync("cp-1")));
        await cluster.AdvanceAsync(10);
        Assert.False(PodOf.IsReady(await cluster.PodAsync("cp-1")));
        Assert.Equal((0, 1), ((await cluster.StatusAsync()).NumberAvailable, (await cluster.StatusAsync()).NumberUnavailable));
        Assert.Equal(["Readiness probe failed: HTTP probe failed with statuscode: 503"], await cluster.NotesAsync("Unhealthy"));

        cluster.Nodes.AgentOf("cp-1").IsReady = true;
        await cluster.AdvanceAsync(10);
        Assert.True(PodOf.IsReady(await cluster.PodAsync("cp-1")));
    }

    [Fact]
    public async Task ALivenessProbeThatFailsRestartsTheContainer()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");
        cluster.Nodes.AgentOf("cp-1").IsHealthy = false;

        await cluster.AdvanceAsync(61);

        Assert.Equal(["Container agent failed liveness probe, will be restarted"], await cluster.NotesAsync("Killing"));
        var container = await cluster.ContainerAsync("cp-1");
        Assert.Equal((1, "Completed"), ((int)container["restartCount"]!, (string?)container["lastState"]!["terminated"]!["reason"]));
    }

    [Fact]
    public async Task AStartupProbeThatNeverSucceedsRestartsTheContainer()
    {
        await using var cluster = new Cluster();
        await cluster.Nodes.AddControlPlaneNodeAsync("cp-1", Cancel);
        cluster.Nodes.AgentOf("cp-1").IsHealthy = false;
        await cluster.ApplyAsync(Some.ConfigMapOf());

        await cluster.ApplyAndSettleAsync(Some.DaemonSetOf());
        await cluster.AdvanceAsync(7);
        Assert.Equal(1, cluster.Nodes.AgentOf("cp-1").Started);
        await cluster.AdvanceAsync(1);

        Assert.Equal(["Container agent failed startup probe, will be restarted"], await cluster.NotesAsync("Killing"));
        Assert.Equal(2, cluster.Nodes.AgentOf("cp-1").Started);
    }

    [Fact]
    public async Task TheSameEventAgainOnlyCounts()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");
        cluster.Nodes.AgentOf("cp-1").IsReady = false;

        await cluster.AdvanceAsync(35);

        var reported = Assert.Single(await cluster.EventsAsJsonAsync(), one => (string?)one["reason"] == "Unhealthy");
        Assert.Equal(
            (3, "kubelet", "cp-1"),
            ((int)reported["deprecatedCount"]!, (string?)reported["deprecatedSource"]!["component"],
                (string?)reported["deprecatedSource"]!["host"]));
        Assert.Equal(
            20,
            (((DateTimeOffset)reported["deprecatedLastTimestamp"]!) - (DateTimeOffset)reported["deprecatedFirstTimestamp"]!).TotalSeconds);
    }

    [Fact]
    public async Task AnAgentThatHangsFailsItsProbesByTheirTimeout()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");
        cluster.Nodes.ShortenProbes(TimeSpan.FromMilliseconds(100));
        cluster.Nodes.AgentOf("cp-1").Hangs = true;

        await cluster.AdvanceAsync(11);

        var note = Assert.Single(await cluster.NotesAsync("Unhealthy"));
        Assert.Matches(
            "^Readiness probe failed: Get \"http://127[0-9.]+:9465/readyz\": context deadline exceeded \\(Client.Timeout ",
            note);
    }

    [Fact]
    public async Task AContainerThatCrashesWaitsLongerEachTime()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");

        cluster.Nodes.Crash("cp-1", oomKilled: true);
        await cluster.SettleAsync();
        var first = await cluster.ContainerAsync("cp-1");
        var ended = first["lastState"]!["terminated"]!;
        Assert.Equal((1, 137, "OOMKilled"), ((int)first["restartCount"]!, (int)ended["exitCode"]!, (string?)ended["reason"]));
        Assert.NotNull(first["state"]!["running"]);

        cluster.Nodes.Crash("cp-1");
        await cluster.AdvanceAsync(5);
        var pod = await cluster.PodAsync("cp-1");
        var waiting = (await cluster.ContainerAsync("cp-1"))["state"]!["waiting"]!;
        Assert.Equal("CrashLoopBackOff", (string?)waiting["reason"]);
        Assert.Equal(
            $"back-off 10s restarting failed container=agent pod={pod.Metadata.Name}_audit({pod.Uid})",
            (string?)waiting["message"]);
        Assert.Equal(
            ("Running", "Error"),
            ((string?)pod.Status!["phase"], (string?)(await cluster.ContainerAsync("cp-1"))["lastState"]!["terminated"]!["reason"]));
        Assert.False(PodOf.IsReady(pod));
        await cluster.AdvanceAsync(6);
        Assert.Equal(2, (int)(await cluster.ContainerAsync("cp-1"))["restartCount"]!);

        cluster.Nodes.Crash("cp-1");
        await cluster.AdvanceAsync(15);
        Assert.StartsWith(
            "back-off 20s ",
            (string?)(await cluster.ContainerAsync("cp-1"))["state"]!["waiting"]!["message"],
            StringComparison.Ordinal);
        Assert.Contains(
            $"Back-off restarting failed container agent in pod {pod.Metadata.Name}_audit({pod.Uid})",
            await cluster.NotesAsync("BackOff"));
    }

    [Fact]
    public async Task AContainerThatRanForLongBeginsItsBackOffAnew()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");
        for (var crash = 0; crash < 3; crash++)
        {
            cluster.Nodes.Crash("cp-1");
            await cluster.AdvanceAsync(25);
        }

        await cluster.AdvanceAsync(601);
        cluster.Nodes.Crash("cp-1");
        await cluster.AdvanceAsync(25);
        cluster.Nodes.Crash("cp-1");
        await cluster.AdvanceAsync(1);

        var waiting = (await cluster.ContainerAsync("cp-1"))["state"]!["waiting"]!;
        Assert.StartsWith("back-off 10s ", (string?)waiting["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAgentThatCannotReadItsFileEndsWithTwo()
    {
        await using var cluster = new Cluster();
        await cluster.Nodes.AddControlPlaneNodeAsync("cp-1", Cancel);
        await cluster.ApplyAsync(Some.ConfigMapOf("{"));

        await cluster.ApplyAndSettleAsync(Some.DaemonSetOf());

        Assert.Equal("CrashLoopBackOff", await cluster.WaitingAsync("cp-1"));
        Assert.Equal(2, (int)(await cluster.ContainerAsync("cp-1"))["lastState"]!["terminated"]!["exitCode"]!);
    }

    [Fact]
    public async Task AnImageThatIsNotThereShowsTwoReasonsInTurns()
    {
        await using var cluster = new Cluster();
        await cluster.Nodes.AddControlPlaneNodeAsync("cp-1", Cancel);
        cluster.Nodes.BreakImage(Some.Image);
        await cluster.ApplyAsync(Some.ConfigMapOf());
        await cluster.ApplyAndSettleAsync(Some.DaemonSetOf());

        var seen = new List<string?>();
        for (var second = 0; second < 32; second++)
        {
            if (await cluster.WaitingAsync("cp-1") is var reason && reason != seen.LastOrDefault())
                seen.Add(reason);
            await cluster.AdvanceAsync(1);
        }

        Assert.Equal(["ErrImagePull", "ImagePullBackOff", "ErrImagePull", "ImagePullBackOff", "ErrImagePull"], seen);
        Assert.Contains("Error: ErrImagePull", await cluster.NotesAsync("Failed"));
        Assert.Contains("Error: ImagePullBackOff", await cluster.NotesAsync("Failed"));
        Assert.Equal(["Back-off pulling image \"agent:1\""], await cluster.NotesAsync("BackOff"));
        Assert.Equal("Pending", (string?)(await cluster.PodAsync("cp-1")).Status!["phase"]);
        cluster.Nodes.MendImage(Some.Image);
        await cluster.AdvanceAsync(60);
        Assert.True(PodOf.IsReady(await cluster.PodAsync("cp-1")));
    }
}
