using System.Text;
using ClusterTrail.Agent.Integrity;
using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Agent.Tests.Integrity;

/// <summary>When digests are sealed, and what they say.</summary>
public sealed class DigestRunnerTests : IDisposable
{
    readonly ChainWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public void TheFirstDigestSaysWhereTheChainBegins()
    {
        world.Runner.Turn();
        world.Deliver();

        var first = Assert.Single(world.Delivered());
        Assert.Equal((1, DigestReason.Start, null), (first.Sequence, first.Reason, first.Previous));
        Assert.Equal([("apiserver", 1), ("processes", 1)], first.Sources.Select(source => (source.Name, source.NextSequence)));
        Assert.Equal(first.From, first.Until);
        Assert.Equal(first.Until.AddSeconds(360), first.NextBy);
        Assert.Equal(("prod", "main", "cp-1", "agent"), (first.Owner.Cluster, first.Owner.Trail, first.Owner.Node, first.Owner.Chain));
    }

    [Fact]
    public void AnAgentThatWasUpdatedBeginsWithTheBatchThatComesNext()
    {
        world.IsEnabled = false;
        Assert.True(world.TrySeal("apiserver"));
        Assert.True(world.TrySeal("apiserver"));
        world.Crash();
        world.IsEnabled = true;

        world.Runner.Turn();
        world.Deliver();

        Assert.Equal(3, world.Delivered()[0].Sources[0].NextSequence);
        Assert.Empty(world.Delivered()[0].Objects);
        Assert.Empty(world.Archive().Problems);
    }

    [Fact]
    public void ADigestNamesWhatWasSealedAndSaysWhatWasRead()
    {
        world.Runner.Turn();
        Assert.True(world.TrySeal("apiserver", gaps: 2));
        world.Read("apiserver");
        Assert.True(world.TrySeal("processes"));
        Pass(300);
        world.Deliver();

        var digest = world.Delivered()[1];
        Assert.Equal([("apiserver", 1), ("processes", 1)], digest.Objects.Select(one => (one.Source, one.Sequence)));
        var source = digest.Sources[0];
        Assert.Equal((2, 110, 1, 0, 2), (source.NextSequence, source.Events, source.Truncated, source.Oversized, source.Unparsable));
        Assert.Equal([("Vanished", 2), ("Vanished", 1)], source.Gaps.Select(gap => (gap.Reason, gap.Offset)));
        Assert.Equal(
            [new WaitingBatches("apiserver", 1, 1), new WaitingBatches("processes", 1, 1)], digest.Waiting);
        Assert.Equal([new WaitingDigests(1, 1)], digest.WaitingDigests);
        Assert.Empty(world.Archive().Problems);
    }

    [Fact]
    public void WhatWasDeliveredDoesNotWait()
    {
        world.Runner.Turn();
        Assert.True(world.TrySeal("apiserver"));
        world.Deliver();
        Pass(300);
        world.Deliver();

        var digest = world.Delivered()[1];
        Assert.Equal((1, 0, 0), (digest.Objects.Count, digest.Waiting.Count, digest.WaitingDigests.Count));
    }

    [Fact]
    public void WhileNothingHappensDigestsAreSpacedAndEachSaysByWhenTheNextOneComes()
    {
        world.Runner.Turn();
        for (var minute = 0; minute < 180; minute++)
        {
            Pass(60);
        }

        world.Deliver();

        var digests = world.Delivered();
        var promised = digests.Select(digest => (int)(digest.NextBy! - digest.Until).Value.TotalSeconds - 60);
        var kept = digests.Zip(digests.Skip(1), (one, next) => (int)(next.Until - one.Until).TotalSeconds);
        Assert.Equal([300, 600, 1200, 2400, 3600], promised.Take(5));
        Assert.Equal([300, 600, 1200, 2400, 3600], kept.Take(5));
        Assert.Empty(world.Archive().Problems);
    }

    [Fact]
    public void SomethingThatHappensEndsTheSpacing()
    {
        world.Runner.Turn();
        Pass(3600);
        Assert.True(world.TrySeal("apiserver"));
        Pass(299);
        var before = world.ChainOfDigests.State!.Sequence;
        Pass(1);
        Pass(300);
        world.Deliver();

        Assert.Equal(2, before);
        Assert.Equal([1, 0], world.Delivered().Skip(2).Select(digest => digest.Objects.Count));
        Assert.Equal(TimeSpan.FromSeconds(360), world.Delivered()[2].NextBy - world.Delivered()[2].Until);
    }

    [Fact]
    public void TheLastDigestSaysWhyAndThenThereIsSilence()
    {
        world.Runner.Turn();
        Assert.True(world.TrySeal("apiserver"));
        world.Recording = Recording.Ending;
        world.Runner.Turn();
        world.Recording = Recording.Off;
        world.Runner.Turn();
        Pass(7200);
        world.Runner.Finish(StopCause.Shutdown);
        world.Deliver();

        var digests = world.Delivered();
        Assert.Equal([DigestReason.Start, DigestReason.Stop], digests.Select(digest => digest.Reason));
        Assert.Equal((StopCause.LoggingOff, null, 1), (digests[1].Stop, digests[1].NextBy, digests[1].Objects.Count));
    }

    [Fact]
    public void AStartFollowsAStop()
    {
        world.Runner.Turn();
        world.Runner.Finish(StopCause.Shutdown);
        world.Crash();
        world.Time.Advance(TimeSpan.FromDays(1));
        world.Runner.Turn();
        world.Deliver();

        Assert.Equal(
            [(DigestReason.Start, null), (DigestReason.Stop, StopCause.Shutdown), (DigestReason.Start, (StopCause?)null)],
            world.Delivered().Select(digest => (digest.Reason, digest.Stop)));
        Assert.Empty(world.Archive().Problems);
    }

    [Fact]
    public void AnAgentThatIsStartedWithLoggingOffSaysSoOnce()
    {
        world.Runner.Turn();
        world.Crash();
        world.Recording = Recording.Off;
        world.Runner.Turn();
        world.Runner.Turn();
        world.Crash();
        world.Runner.Turn();
        world.Deliver();

        Assert.Equal([DigestReason.Start, DigestReason.Stop], world.Delivered().Select(digest => digest.Reason));
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void AClockThatIsSetIsSaidAtOnce(int seconds)
    {
        world.Runner.Turn();
        world.Time.Set(TimeSpan.FromSeconds(seconds));
        Pass(1);
        world.Deliver();

        var digest = world.Delivered()[1];
        Assert.Equal(seconds + 1, (int)(digest.Until - digest.From).TotalSeconds);
    }

    [Fact]
    public void ADamagedBatchIsDeclaredLost()
    {
        world.Runner.Turn();
        Assert.True(world.TrySeal("apiserver"));
        Pass(300);
        Damage("apiserver-", "apiserver 1 ");
        world.Deliver();
        Pass(300);
        world.Deliver();

        Assert.Equal([new LostBatches("apiserver", 1, 1, LostBatches.Damaged)], world.Delivered()[^1].Lost);
        Assert.Empty(world.Archive().Problems);
    }

    [Fact]
    public void TheNewestDigestSurvivesDamageAndAnOlderOneIsDeclared()
    {
        world.Runner.Turn();
        Pass(600);
        Damage("_digests-*-0000000002", "{");
        world.Deliver();
        world.Runner.Turn();
        world.Deliver();
        Assert.Equal([1, 2], world.Delivered().Select(digest => digest.Sequence));

        Pass(1200);
        Pass(2400);
        Damage("_digests-*-0000000003", "{");
        world.Deliver();
        Pass(3600);
        world.Deliver();

        Assert.Equal([1, 2, 4, 5], world.Delivered().Select(digest => digest.Sequence));
        Assert.Equal([new LostDigest(3, LostBatches.Damaged)], world.Delivered()[^1].LostDigests);
        Assert.Empty(world.Archive(isClockSet: true).Problems);
    }

    [Fact]
    public void WhatAnAgentWithoutDigestsSealedIsDeclared()
    {
        world.Runner.Turn();
        Assert.True(world.TrySeal("apiserver"));
        world.Crash();
        world.IsEnabled = false;
        Assert.True(world.TrySeal("apiserver"));
        Assert.True(world.TrySeal("apiserver"));
        world.Crash();
        world.IsEnabled = true;
        world.Runner.Turn();
        world.Deliver();

        Assert.Equal([new LostBatches("apiserver", 2, 3, LostBatches.NotListed)], world.Delivered()[^1].Lost);
        Assert.Empty(world.Archive().Problems);
    }

    [Fact]
    public void NumbersThatStartOverAreSaid()
    {
        world.Runner.Turn();
        Assert.True(world.TrySeal("apiserver"));
        Pass(300);
        world.Deliver();
        world.LoseCheckpoint("apiserver");
        world.Runner.Turn();
        Assert.True(world.TrySeal("apiserver"));
        Pass(300);
        world.Deliver();

        Assert.Equal([false, false, true, false], world.Delivered().Select(digest => digest.Sources[0].Restarted));
        Assert.Equal(1, world.Delivered()[^1].Objects.Single().Sequence);
        Assert.Empty(world.Archive().Problems);
    }

    [Fact]
    public void AFullSpoolDoesNotStopDigestsAndTheySayForHowLong()
    {
        world.SpoolLimit = 8192;
        world.Runner.Turn();
        Assert.True(world.TrySeal("apiserver"));
        Pass(300);
        Pass(600);
        world.Deliver();

        Assert.True(world.Delivered()[^1].Spool.BlockedSeconds >= 600);
        Assert.Equal([1, 2, 3], world.Delivered().Select(digest => digest.Sequence));
    }

    [Fact]
    public void AfterItsTimeAKeySignsTheNextOne()
    {
        world.Runner.Turn();
        var first = world.Runner.Status.KeyId;
        Pass(30 * 86_400);
        Pass(3600);
        var second = world.Runner.Status.KeyId;
        world.Crash();
        world.Runner.Turn();
        world.Deliver();

        var digests = world.Delivered();
        Assert.NotEqual(first, second);
        Assert.Equal([first, first, second, second], digests.Select(digest => digest.Key.Id));
        Assert.Equal([null, second, null, null], digests.Select(digest => digest.NextKey?.Id));
        Assert.Empty(world.Archive(isClockSet: true).Problems);
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("another key")]
    public void AWrongKeySignsNothingAndSaysWhatToDo(string what)
    {
        world.Runner.Turn();
        world.Crash();
        using var other = SigningKey.Generate();
        var path = Path.Combine(world.IntegrityFolder, "key.pem");
        var right = File.ReadAllText(path);
        File.WriteAllText(path, what == "damaged" ? "damaged" : other.ToPem());

        world.Runner.Turn();
        Assert.True(world.TrySeal("apiserver"));
        world.Deliver();

        var problem = world.Runner.Status.Problem;
        Assert.Contains($"remove the folder {world.IntegrityFolder}", problem, StringComparison.OrdinalIgnoreCase);
        Assert.Single(world.Logged.Messages, message => message.Contains(problem!, StringComparison.Ordinal));
        Assert.Single(world.Delivered());

        File.WriteAllText(path, right);
        Pass(60);
        world.Deliver();
        Assert.Null(world.Runner.Status.Problem);
        Assert.Equal([1, 2], world.Delivered().Select(digest => digest.Sequence));
        Assert.Empty(world.Archive().Problems);
    }

    [Fact]
    public void WithoutItsKeyTheAgentBeginsANewChain()
    {
        world.Runner.Turn();
        Assert.True(world.TrySeal("apiserver"));
        Pass(300);
        File.Delete(Path.Combine(world.IntegrityFolder, "key.pem"));
        Assert.True(world.TrySeal("apiserver"));
        Pass(300);
        world.Deliver();

        var chains = world.Archive().Chains;
        Assert.Equal([2, 1], chains.Select(chain => chain.Count));
        var begun = chains[1][0].Digest;
        Assert.Equal((DigestReason.Start, 1, 2), (begun.Reason, begun.Sequence, begun.Objects.Single().Sequence));
        Assert.Empty(world.Archive().Problems);
    }

    [Fact]
    public void TheKeyIsItsOwnersAlone()
    {
        world.Runner.Turn();

        var mode = File.GetUnixFileMode(Path.Combine(world.IntegrityFolder, "key.pem"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
    }

    [Fact]
    public void TheStatusShowsTheHeadOfTheChain()
    {
        Assert.Equal((0, null), (world.Runner.Status.Sequence, world.Runner.Status.Sha256));

        world.Runner.Turn();
        world.Deliver();

        var (digest, signed) = world.Archive().Chains[0][0];
        var status = world.Runner.Status;
        Assert.Equal((1, signed.Sha256, digest.ChainId, "agent"), (status.Sequence, status.Sha256, status.ChainId, status.Chain));
        Assert.Equal((digest.Until, digest.NextBy), (status.Until, status.NextBy));
        Assert.Equal((digest.Key.Id, digest.Key.Base64), (status.KeyId, status.PublicKey));
    }

    void Pass(int seconds)
    {
        world.Time.Advance(TimeSpan.FromSeconds(seconds));
        world.Runner.Turn();
    }

    void Damage(string name, string at)
    {
        var path = Directory.EnumerateFiles(Path.Combine(world.Folder, "spool"), $"{name}*.batch").Single();
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(at))] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
