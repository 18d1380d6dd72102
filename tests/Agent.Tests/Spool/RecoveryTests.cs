using ClusterTrail.Agent.Spool;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Spool;

public sealed class RecoveryTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly List<string> damages = [];
    readonly List<string> quarantined = [];

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
        Assert.Equal(2, recovery.Unconfirmed!.Sequence);
    }

    [Fact]
    public void BatchesOfOtherSourcesTellNothing()
    {
        Spool.Add(sequence: 9, "other");

        Assert.Null(Find().Start);
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

    // What is damaged is read again from the checkpoint, which was saved before the batch's successor was sealed.
    [Fact]
    public void ADamagedBatchThatTheCheckpointDoesNotKnowIsReadAgain()
    {
        Checkpoint.Save(new(2, SomeSpool.Progress(100)));
        var spool = Spool;
        spool.Add(sequence: 1);
        Damage(spool.Add(sequence: 2).Path);

        var recovery = Find();

        Assert.Equal((2, 100), (recovery.Start!.NextSequence, recovery.Start.Progress.Files[0].Offset));
        Assert.Null(recovery.Unconfirmed);
    }

    [Fact]
    public void WithTheNewestBatchAndTheCheckpointDamagedAllIsReadAgainUnderNewNumbers()
    {
        File.WriteAllText(Checkpoint.Path, "");
        var spool = Spool;
        spool.Add(sequence: 1);
        Damage(spool.Add(sequence: 2).Path);

        var recovery = Find();

        Assert.Equal((2, 0), (recovery.Start!.NextSequence, recovery.Start.Progress.Files.Count));
        Assert.Equal(1, recovery.Unconfirmed!.Sequence);
    }

    // The newest batch is whole, and what it says of the source is not: delivered, its events would come a second time.
    [Fact]
    public void ABatchWhoseProgressIsDamagedIsSetAsideUnlessTheCheckpointKnowsIt()
    {
        Checkpoint.Save(new(1, SomeSpool.Progress(50)));
        var path = Spool.Add(sequence: 1).Path;
        var whole = File.ReadAllBytes(path);
        whole[^3] ^= 1;
        File.WriteAllBytes(path, whole);

        var recovery = Find();

        Assert.Equal((1, 50), (recovery.Start!.NextSequence, recovery.Start.Progress.Files[0].Offset));
        Assert.Equal([path], quarantined);
    }

    BatchSpool Spool => new(folder.Join("spool"), 1 << 20, TimeProvider.System);

    static void Damage(string path) => File.WriteAllText(path, "clustertrail spool 2 9");

    Recovery Find(params int[] spooled)
    {
        var spool = Spool;
        foreach (var sequence in spooled)
            spool.Add(sequence);

        spool = Spool;
        spool.Open((_, path, _) => quarantined.Add(path));
        return Recovery.Find("apiserver", Checkpoint, spool, damages.Add);
    }
}
