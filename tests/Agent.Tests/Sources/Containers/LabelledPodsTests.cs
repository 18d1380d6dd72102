using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Tests.Sources.Containers;

/// <summary>Rules that name labels of pods, which only the operator knows.</summary>
public sealed class LabelledPodsTests : IDisposable
{
    readonly PodLogs logs = new()
    {
        Configuration = new()
        {
            Rules =
            [
                new()
                {
                    Namespaces = ["shop"],
                    PodLabels = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "cart" } },
                },
            ],
        },
    };

    public void Dispose() => logs.Dispose();

    [Fact]
    public void APodThatIsGoneBeforeItsLabelsAreKnownIsRecordedToo()
    {
        logs.Write(logs.Cri("one"));
        Assert.Empty(logs.ReadAll());
        Assert.Equal((1, 1), (logs.Pods.Pods, logs.Pods.Undecided));
        Directory.Delete(Path.Combine(logs.Root, PodLogs.Pod), recursive: true);
        Assert.Empty(logs.ReadAll());

        logs.Send((PodLogs.Pod, "cart"));

        Assert.Equal(["one"], logs.ReadAll());
        Assert.Empty(logs.Gaps);
        Assert.Empty(logs.Failures);
    }

    [Fact]
    public void APodWithOtherLabelsIsNotRead()
    {
        logs.Write(logs.Cri("one"));
        logs.ReadAll();

        logs.Send((PodLogs.Pod, "checkout"));

        Assert.Empty(logs.ReadAll());
        Assert.Equal((0, 0), (logs.Pods.Pods, logs.Pods.Undecided));
        Assert.Empty(logs.Gaps);
    }

    [Fact]
    public void LabelsThatChangeBeginAndEndIt()
    {
        logs.Write(logs.Cri("one"));
        logs.ReadAll();
        logs.Send((PodLogs.Pod, "checkout"));
        Assert.Empty(logs.ReadAll());

        logs.Send((PodLogs.Pod, "cart"));
        var begun = logs.ReadAll();
        logs.Send((PodLogs.Pod, "checkout"));
        logs.Write(logs.Cri("two"));
        var ended = logs.ReadAll();
        logs.Send((PodLogs.Pod, "cart"));

        Assert.Equal(["one"], begun);
        Assert.Empty(ended);
        Assert.Equal(["two"], logs.ReadAll());
    }

    [Fact]
    public void APodOfAnotherNamespaceIsNotOpenedWhateverItsLabels()
    {
        logs.Write(logs.Cri("secret"), logs.Live(PodLogs.Other));
        logs.ReadAll();
        Assert.Equal(0, logs.Pods.Pods);

        logs.Send((PodLogs.Other, "cart"));

        Assert.Empty(logs.ReadAll());
    }

    [Fact]
    public void OfAPodThatIsGoneWhoseLabelsNeverComeTheAgentSaysSo()
    {
        logs.Write(logs.Cri("one"));
        logs.ReadAll();
        Directory.Delete(Path.Combine(logs.Root, PodLogs.Pod), recursive: true);
        logs.ReadAll();
        logs.Time.Advance(TimeSpan.FromMinutes(15));
        logs.ReadAll();

        Assert.Contains(PodLogs.Pod, Assert.Single(logs.Failures), StringComparison.Ordinal);
        Assert.Equal((0, 0), (logs.Pods.Pods, logs.Pods.Undecided));
    }

    [Fact]
    public void OtherRulesLoseNothingOfAPodThatIsGone()
    {
        logs.Ask(new ContainerRule { Namespaces = ["shop"] });
        logs.Send((PodLogs.Pod, "cart"));
        logs.Write(logs.Cri("one"));
        Assert.Equal(["one"], logs.ReadAll());
        logs.Write(logs.Cri("two"));
        Directory.Delete(Path.Combine(logs.Root, PodLogs.Pod), recursive: true);

        logs.Ask(new ContainerRule { Namespaces = ["shop"], Containers = ["app"] });

        Assert.Equal(["two"], logs.ReadAll());
        Assert.Empty(logs.Gaps);
    }
}
