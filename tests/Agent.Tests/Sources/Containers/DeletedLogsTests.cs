namespace ClusterTrail.Agent.Tests.Sources.Containers;

/// <summary>What goes away, is cut or is damaged before it was read.</summary>
public sealed class DeletedLogsTests : IDisposable
{
    readonly PodLogs logs = new();

    public void Dispose() => logs.Dispose();

    [Fact]
    public void WhatIsDeletedWhileItIsHeldOpenIsRead()
    {
        logs.Write(logs.Cri("one"));
        Assert.Equal(["one"], logs.Read());
        logs.Write(logs.Cri("two"));
        Directory.Delete(Path.Combine(logs.Root, PodLogs.Pod), recursive: true);

        Assert.Equal(["two"], logs.ReadAll());
        Assert.Empty(logs.Gaps);
    }

    [Fact]
    public void WhatGoesAwayUnreadIsAGap()
    {
        logs.Write(logs.Cri("one"));
        logs.Read();
        logs.Save();
        logs.Kill();
        Directory.Delete(Path.Combine(logs.Root, PodLogs.Pod), recursive: true);

        Assert.Empty(logs.ReadAll());
        var gap = Assert.Single(logs.Gaps);
        Assert.Equal(("Unseen", null), (gap.Reason, gap.Bytes));
        Assert.Contains($"{PodLogs.Pod}/app/0", gap.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void ALineWithoutItsEndThatGoesAwayIsAGap()
    {
        logs.Write(logs.Cri("whole") + logs.Cri("secret", tag: "P"));
        logs.Read();
        var rotated = PodLogs.Rotate(logs.Live(), "20261126-100000");
        logs.Write(logs.Cri("next"));
        logs.Watch();
        logs.Save();
        logs.Kill();
        File.Delete(rotated);

        Assert.Equal(["next"], logs.ReadAll());
        var gap = Assert.Single(logs.Gaps);
        Assert.Equal(("Vanished", (long?)logs.Cri("secret", tag: "P").Length), (gap.Reason, gap.Bytes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ADamagedCompressedLogIsOneGapHoweverOftenItIsLookedAt(bool hasABeginning)
    {
        logs.Write(logs.Cri("now"));
        var rotated = logs.Live() + ".20261126-100000";
        // Always the same: what damaged gzip gives before its damage shows may repeat what came before.
        var random = new Random(1);
        logs.Write(string.Concat(Enumerable.Range(0, 5000).Select(_ => logs.Cri($"{random.NextInt64():x16}"))), rotated);
        PodLogs.Compress(rotated);
        var damaged = File.ReadAllBytes(rotated + ".gz");
        damaged.AsSpan(hasABeginning ? damaged.Length / 2 : 12, 40).Fill(0xff);
        File.WriteAllBytes(rotated + ".gz", damaged);

        var read = logs.ReadAll();
        logs.Save();
        logs.Kill();
        var again = logs.ReadAll();

        Assert.Contains("now", read);
        Assert.Equal(hasABeginning, read.Count > 1000);
        Assert.Empty(again);
        Assert.Equal("Damaged", Assert.Single(logs.Gaps).Reason);
    }

    [Fact]
    public void ALogThatIsCutGoesOnWithAGap()
    {
        logs.Write(logs.Cri("one") + logs.Cri("two"));
        logs.Read();
        File.WriteAllText(logs.Live(), logs.Cri("three"));

        Assert.Equal(["three"], logs.ReadAll());
        Assert.Equal("Unseen", Assert.Single(logs.Gaps).Reason);
    }

    [Fact]
    public void DeletedLogsThatAreNotReadTakeABoundedPartOfTheDisk()
    {
        logs.Configuration = logs.Configuration with { MaxHeldBytes = 1 << 20 };
        var text = logs.Cri(new string('x', 400_000));
        List<string> pods = [.. Enumerable.Range(0, 3).Select(at => $"shop_cart-{at}_8d1b1f0a-2c3d")];
        pods.ForEach(pod => logs.Write(text, logs.Live(pod)));
        logs.Watch();
        foreach (var pod in pods)
        {
            Directory.Delete(Path.Combine(logs.Root, pod), recursive: true);
            logs.Watch();
        }

        Assert.Equal(2, logs.ReadAll().Count);
        var gap = Assert.Single(logs.Gaps);
        Assert.Equal(("Vanished", (long?)text.Length), (gap.Reason, gap.Bytes));
        Assert.StartsWith($"{pods[0]}/app/0: ", gap.Detail, StringComparison.Ordinal);
        Assert.Contains("maxHeldBytes", gap.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void ADeletedLogThatIsCompressedTooIsNoGapWhenItIsClosed()
    {
        logs.Configuration = logs.Configuration with { MaxHeldBytes = 1 << 20 };
        logs.Write(logs.Cri(new string('x', 200_000)) + logs.Cri(new string('y', 1_200_000)));
        logs.Watch();
        PodLogs.Compress(PodLogs.Rotate(logs.Live(), "20261126-100000"));
        logs.Write(logs.Cri("next"));
        logs.Watch();

        Assert.Equal(3, logs.ReadAll().Count);
        Assert.Empty(logs.Gaps);
    }
}
