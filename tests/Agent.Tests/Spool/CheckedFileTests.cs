using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Spool;

public sealed class CheckedFileTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ACheckpointCutAnywhereOrWithAnyByteChangedIsNeverAccepted()
    {
        var file = new CheckpointFile(folder.Join("checkpoint"));
        file.Save(new(7, SomeSpool.Progress(100)));
        var whole = File.ReadAllBytes(file.Path);

        foreach (var damaged in Cuts(whole).Concat(Flips(whole)))
        {
            File.WriteAllBytes(file.Path, damaged);
            Assert.Throws<InvalidDataException>(file.Load);
        }
    }

    [Fact]
    public void ABatchCutAnywhereOrWithAnyByteChangedIsNeverAccepted()
    {
        var spool = new BatchSpool(folder.Join("spool"), 1 << 20, TimeProvider.System);
        var batch = spool.Add(sequence: 1);
        var whole = File.ReadAllBytes(batch.Path);

        foreach (var damaged in Cuts(whole).Concat(Flips(whole)))
        {
            File.WriteAllBytes(batch.Path, damaged);
            var (content, end) = (Tried(() => spool.Read(batch, new()).Content.ToArray()), Tried(() => SpoolFile.ReadEnd(batch.Path)));
            Assert.True(content is null || content.SequenceEqual(SomeSpool.Content(1)));
            Assert.True(end is null || end.Files.SequenceEqual(SomeSpool.Progress(100).Files));
            Assert.True(content is null || end is null);
        }
    }

    [Fact]
    public void WhatWasSavedIsLoadedAndOnlyItsOwnerMayReadIt()
    {
        var file = new CheckpointFile(folder.Join("checkpoint"));
        Assert.Null(file.Load());

        file.Save(new(7, SomeSpool.Progress(100)));

        Assert.Equal(7, file.Load()!.NextSequence);
        Assert.Equal(SomeSpool.Progress(100).Files, file.Load()!.Progress.Files);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.Path));
    }

    [Fact]
    public void AnotherKindOrVersionIsRefusedWithASentence()
    {
        CheckedFile.Write(folder.Join("f"), "spool", 2, "{}"u8, []);

        using var file = File.OpenRead(folder.Join("f"));
        Assert.Equal("It is of version 2; this agent reads version 1.",
            Assert.Throws<InvalidDataException>(() => CheckedFile.ReadHeader(file, "spool", 1)).Message);
        file.Position = 0;
        Assert.Equal("It does not begin as a checkpoint file does.",
            Assert.Throws<InvalidDataException>(() => CheckedFile.ReadHeader(file, "checkpoint", 2)).Message);
    }

    static T? Tried<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    static IEnumerable<byte[]> Cuts(byte[] whole) => Enumerable.Range(0, whole.Length).Select(length => whole[..length]);

    static IEnumerable<byte[]> Flips(byte[] whole) => Enumerable.Range(0, whole.Length).Select(at =>
    {
        var flipped = whole.ToArray();
        flipped[at] ^= 0x10;
        return flipped;
    });
}
