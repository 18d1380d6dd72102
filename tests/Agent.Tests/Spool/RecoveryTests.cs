using ClusterTrail.Agent.Spool;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Spool;

public sealed class RecoveryTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly List<string> damages = [];

    public void Dispose() => folder.Dispose();

    CheckpointFile Checkpoint => new(folder.Join("apiserver.checkpoint"));

    [Fact]
    public void ANewSourceHasNoStart() => Assert.Equal(new(null, null), Find());

    [Fact]
    public void TheCheckpointIsTheStartWhenItKnowsTheNewestBatch()
    {
        Checkpoint.Save(new(3, SomeSpool.Progress(250)));

        var recovery = Find(1, 2);

        Assert.Equal((3, 250), (recovery.Start!.NextSequence, recovery.Start.Progress.Files[0].Offset));
        Assert.Null(recovery.Unconfirmed);
    }

    [Fact]
    public void TheNewestBatchIsTheStartWhenTheCheckpointDoesNotKnowIt()
    {
        Checkpoint.Save(new(2, SomeSpool.Progress(150)));

        var recovery = Find(1, 2);

        Assert.Equal((3, 200), (recovery.Start!.NextSequence, recovery.Start.Progress.Files[0].Offset));
        Assert.Equal(2, recovery.Unconfirmed!.Header.Sequence);
    }

    [Fact]
    public void BatchesOfOtherSourcesTellNothing()
    {
        var others = new[] { new SpooledBatch("x", 1, SomeSpool.Header(9, [], "other")) };

        Assert.Null(Recovery.Find("apiserver", Checkpoint, others, damages.Add).Start);
    }

    [Fact]
    public void ADamagedCheckpointIsSetAsideAndTheSpoolTakesItsPlace()
    {
        File.WriteAllText(Checkpoint.Path, "clustertrail checkpoint 1 2 x\n{}");

        var recovery = Find(4);

        Assert.Equal((5, 400), (recovery.Start!.NextSequence, recovery.Start.Progress.Files[0].Offset));
        Assert.Single(damages);
        Assert.True(File.Exists(Checkpoint.Path + ".damaged"));
        Assert.False(File.Exists(Checkpoint.Path));
    }

    // A new source may start at its end; this one is not new.
    [Fact]
    public void ADamagedCheckpointWithoutASpoolMeansTheBeginning()
    {
        File.WriteAllText(Checkpoint.Path, "");

        Assert.Empty(Find().Start!.Progress.Files);
    }

    Recovery Find(params int[] spooled) =>
        Recovery.Find("apiserver", Checkpoint, spooled.Select(sequence => new SpooledBatch($"{sequence}", 1, SomeSpool.Header(sequence, []))), damages.Add);
}
