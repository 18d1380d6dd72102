using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Tests.Sources.Containers;

/// <summary>Rules that change while logs are read.</summary>
public sealed class ChangedRulesTests : IDisposable
{
    readonly PodLogs logs = new();

    public void Dispose() => logs.Dispose();

    [Fact]
    public void RulesThatChangeInTheMidstOfABlockRepeatAndLoseNothing()
    {
        logs.Write(string.Concat(Enumerable.Range(0, 100).Select(number => logs.Cri($"{number}"))));
        logs.Write(logs.Cri("of another"), logs.Live(PodLogs.Other));
        Assert.True(logs.TryReadOne(out _));

        logs.Ask(new ContainerRule { Namespaces = ["bank"] }, new ContainerRule { Namespaces = ["shop"], Containers = ["app"] });
        logs.Time.Advance(TimeSpan.FromSeconds(1));
        logs.Watch();
        var read = logs.ReadAll();

        Assert.Equal(
            Enumerable.Range(1, 99).Select(number => $"{number}").Append("of another").Order(StringComparer.Ordinal),
            read.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void DeletedLogsWaitForRulesThatNameTheirPodAgain()
    {
        logs.Write(logs.Cri("one"));
        Assert.Equal(["one"], logs.Read());
        logs.Write(logs.Cri("two"));
        Directory.Delete(Path.Combine(logs.Root, PodLogs.Pod), recursive: true);

        logs.Ask();
        Assert.Empty(logs.ReadAll());
        Assert.Equal("No rule: nothing is recorded.", logs.View.Notice);
        Assert.Equal((0, 0), (logs.Pods.Pods, logs.View.LagBytes));
        logs.Ask(new ContainerRule { Namespaces = ["shop"] });

        Assert.Equal(["two"], logs.ReadAll());
        Assert.Null(logs.View.Notice);
        Assert.Empty(logs.Gaps);
    }

    [Fact]
    public void SoDoDeletedLogsOfOneContainerOfAPodThatIsThere()
    {
        var live = logs.Live();
        logs.Write(logs.Cri("one"));
        logs.Write(logs.Cri("other"), logs.Live(container: "sidecar"));
        Assert.Equal(["one", "other"], logs.Read().Order());
        logs.Write(logs.Cri("two"));
        File.Delete(live);
        logs.Write(logs.Cri("three"), logs.Live(restart: 1));

        logs.Ask(new ContainerRule { Namespaces = ["shop"], Containers = ["sidecar"] });
        Assert.Empty(logs.ReadAll());
        logs.Ask(new ContainerRule { Namespaces = ["shop"] });

        Assert.Equal(["two", "three"], logs.ReadAll());
        Assert.Empty(logs.Gaps);
    }

    [Fact]
    public void DeletedLogsThatNoRuleNamesForLongAreAGap()
    {
        logs.Write(logs.Cri("one"));
        Assert.Equal(["one"], logs.Read());
        var unread = logs.Cri("two");
        logs.Write(unread);
        Directory.Delete(Path.Combine(logs.Root, PodLogs.Pod), recursive: true);

        logs.Ask();
        logs.ReadAll();
        logs.Time.Advance(TimeSpan.FromMinutes(15));
        logs.ReadAll();

        Assert.Equal(("Vanished", (long?)unread.Length), (Assert.Single(logs.Gaps).Reason, logs.Gaps[0].Bytes));
    }

    [Fact]
    public void RulesThatNameNothingOfAPodThatIsThereLoseNothing()
    {
        logs.Write(logs.Cri("one"));
        Assert.Equal(["one"], logs.Read());

        logs.Ask();
        logs.Write(logs.Cri("two"));
        Assert.Empty(logs.ReadAll());
        logs.Ask(new ContainerRule { Namespaces = ["shop"] });

        Assert.Equal(["two"], logs.ReadAll());
        Assert.Empty(logs.Gaps);
    }
}
