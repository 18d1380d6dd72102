using ClusterTrail.Agent.Integrity;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Tests.Integrity;

/// <summary>What an agent says that the sink has of its chain: docs/digest-format.md, Anchors.</summary>
public sealed class ConfirmedDigestTests : IDisposable
{
    readonly ChainWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public void WhatIsSealedIsConfirmedOnlyWhenTheSinkHasIt()
    {
        world.Runner.Turn();
        var before = world.Runner.Status;
        world.Deliver();
        var after = world.Runner.Status;

        Assert.Equal((1, new ConfirmedStatus { Sequence = 0 }), (before.Sequence, before.Confirmed));
        Assert.Equal(
            new() { ChainId = after.ChainId, Sequence = 1, Sha256 = after.Sha256, Until = after.Until }, after.Confirmed);
    }

    [Fact]
    public void InAnOutageTheSealedDigestMovesOnAlsoOverARestart()
    {
        world.Runner.Turn();
        world.Deliver();
        var delivered = world.Runner.Status;
        for (var period = 0; period < 3; period++)
        {
            Pass(3600);
        }

        world.Crash();
        world.Runner.Turn();

        Assert.Equal((5, delivered.Confirmed), (world.Runner.Status.Sequence, world.Runner.Status.Confirmed));
        world.Deliver();
        Assert.Equal((5, world.Runner.Status.Sha256), (world.Runner.Status.Confirmed!.Sequence, world.Runner.Status.Confirmed.Sha256));
    }

    [Fact]
    public void AnOlderDigestThatArrivesLaterTakesNothingBack()
    {
        var path = Path.Combine(world.Folder, "confirmed");
        var digest = new ConfirmedDigest(path, () => { });
        digest.Note(new(new('a', 32), 3, new('3', 64), default));
        digest.Note(new(new('a', 32), 1, new('1', 64), default));

        Assert.Equal(3, digest.State!.Sequence);
        Assert.Equal(digest.State, new ConfirmedDigest(path, () => { }).State);
    }

    [Fact]
    public void ADigestThatWasDamagedIsNotConfirmed()
    {
        world.Runner.Turn();
        world.Deliver();
        Pass(3600);
        Pass(3600);
        foreach (var sequence in new[] { 2, 3 })
        {
            Damage(sequence);
        }

        world.Deliver();
        Assert.Equal((3, 1), (world.Runner.Status.Sequence, world.Runner.Status.Confirmed!.Sequence));

        // The newest one is spooled again.
        world.Runner.Turn();
        world.Deliver();
        Assert.Equal(3, world.Runner.Status.Confirmed!.Sequence);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("damaged")]
    public void WhatIsForgottenIsSaidAgainWithTheNextDigest(string? content)
    {
        world.Runner.Turn();
        world.Deliver();
        world.Crash();
        var path = Path.Combine(world.IntegrityFolder, "confirmed");
        File.Delete(path);
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }

        Assert.Equal(0, world.Runner.Status.Confirmed!.Sequence);
        world.Runner.Turn();
        world.Deliver();

        Assert.Equal(2, world.Runner.Status.Confirmed!.Sequence);
    }

    [Fact]
    public void AnotherChainBeginsWithNothing()
    {
        world.Runner.Turn();
        world.Deliver();
        File.Delete(Path.Combine(world.IntegrityFolder, "key.pem"));
        Pass(3600);

        Assert.Equal(new() { Sequence = 0 }, world.Runner.Status.Confirmed);
        world.Deliver();
        Assert.Equal((world.Runner.Status.ChainId, 1), (world.Runner.Status.Confirmed!.ChainId, world.Runner.Status.Confirmed.Sequence));
    }

    [Fact]
    public void AStateThatWasRestoredFromACopyIsNotConfirmedFurther()
    {
        world.Runner.Turn();
        var copy = File.ReadAllBytes(Path.Combine(world.IntegrityFolder, "chain"));
        Pass(3600);
        world.Deliver();
        world.Crash();
        File.WriteAllBytes(Path.Combine(world.IntegrityFolder, "chain"), copy);

        Assert.Equal((1, new ConfirmedStatus { Sequence = 0 }), (world.Runner.Status.Sequence, world.Runner.Status.Confirmed));
        world.Runner.Turn();
        // The second digest is another one now.
        Assert.Equal((2, 0), (world.Runner.Status.Sequence, world.Runner.Status.Confirmed!.Sequence));
    }

    [Fact]
    public void WhatIsNotOnDiskIsNotSaidAndDeliveryGoesOn()
    {
        world.Runner.Turn();
        world.Deliver();
        Pass(3600);
        Directory.CreateDirectory(Path.Combine(world.IntegrityFolder, "confirmed.tmp"));
        world.Deliver();

        Assert.Equal((2, 1), (world.Delivered().Count, world.Runner.Status.Confirmed!.Sequence));

        Directory.Delete(Path.Combine(world.IntegrityFolder, "confirmed.tmp"));
        Pass(3600);
        world.Deliver();
        Assert.Equal(3, world.Runner.Status.Confirmed!.Sequence);
    }

    void Pass(int seconds)
    {
        world.Time.Advance(TimeSpan.FromSeconds(seconds));
        world.Runner.Turn();
    }

    void Damage(int sequence)
    {
        var path = Directory.EnumerateFiles(Path.Combine(world.Folder, "spool"), $"_digests-*-{sequence:D10}*.batch").Single();
        var bytes = File.ReadAllBytes(path);
        bytes[^20] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
