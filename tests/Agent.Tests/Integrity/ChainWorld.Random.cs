using ClusterTrail.Agent.Integrity;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Integrity;

/// <summary>What happens to it at random.</summary>
sealed partial class ChainWorld
{
    readonly List<string> trace = [];
    bool isDamaged;
    (string? ChainId, long Sequence) confirmed;

    /// <summary>How many chains there can be: each loss of the state begins another one. One may go before anybody sees it.</summary>
    public int Chains { get; private set; } = 1;

    public string Trace => string.Join('\n', trace);

    public void Act(Random random)
    {
        var source = Sources[random.Next(Sources.Length)];
        switch (random.Next(100))
        {
            case < 25: Do($"seal {source}", () => TrySeal(source, gaps: random.Next(10) == 0 ? 1 : 0)); break;
            case < 30: Do($"read {source}", () => Read(source)); break;
            case < 50: Do("turn", Runner.Turn); break;
            case < 60: Do("deliver", Deliver); break;
            case < 66: Do("deliver some", () => DeliverSome(random)); break;
            case < 68: Do("refuse one", () => Sink.FailNext(new("EntityTooLarge", "Too large.") { Scope = FailureScope.Batch })); break;
            case < 72: Do("die", () => Die(random)); break;
            case < 75: Do("crash", Crash); break;
            case < 78: Do("stop", Stop); break;
            case < 80: Do("logging", () => Recording = Recording == Recording.On ? Recording.Off : Recording.On); break;
            case < 83: Do("damage", () => DamageOne(random)); break;
            case < 85: Do("clock", () => Time.Set(TimeSpan.FromSeconds(random.Next(-4000, 4000)))); break;
            case < 87: Do("days", () => Time.Advance(TimeSpan.FromDays(random.Next(40)))); break;
            case < 88: Do("lost checkpoint", () => LoseCheckpoint(source)); break;
            case < 89 when random.Next(3) == 0: Do("lost state", LoseState); break;
            case < 90 when random.Next(3) == 0: Do("disabled", () => RunDisabled(source)); break;
            case < 93: Do("word", () => Hear(random)); break;
            default: Time.Advance(TimeSpan.FromSeconds(random.Next(1, 700))); break;
        }
    }

    /// <summary>Lets everything settle; then the archive must verify.</summary>
    public void Settle()
    {
        Recording = Recording.On;
        Sink.Recover();
        for (var round = 0; round < 6; round++)
        {
            Time.Advance(TimeSpan.FromHours(2));
            Runner.Turn();
            Deliver();
        }

        Runner.Finish(StopCause.Shutdown);
        Deliver();
        Deliver();
        var archive = Archive(isClockSet: true);
        Assert.True(archive.Problems.Count == 0, $"{string.Join('\n', archive.Problems)}\n{Describe(archive)}");
        Assert.InRange(archive.Chains.Count, 1, Chains);
        var newest = archive.Chains.Single(chain => chain[0].Digest.ChainId == ChainOfDigests.State!.ChainId)[^1].Digest;
        Assert.Equal((ChainOfDigests.State!.Sequence, StopCause.Shutdown), (newest.Sequence, newest.Stop));
        Assert.All(newest.Waiting, range => Assert.Contains(Spool.Held, held => held.Source == range.Source));
    }

    static string Describe(DigestedArchive archive) => string.Join('\n', archive.Chains.SelectMany(chain => chain).Select(one =>
        $"{one.Digest.ChainId[..4]} {one.Digest.Sequence} {one.Digest.Reason} {one.Digest.Until:HH:mm:ss.fff} "
        + $"names {string.Join(',', one.Digest.Objects.Select(named => $"{named.Source[0]}{named.Sequence}"))} "
        + $"next {string.Join(',', one.Digest.Sources.Select(Describe))} "
        + $"waiting {string.Join(',', one.Digest.Waiting)} lost {string.Join(',', one.Digest.Lost)} "
        + $"digests waiting {string.Join(',', one.Digest.WaitingDigests)} lost {string.Join(',', one.Digest.LostDigests)}"));

    static string Describe(DigestSource source) => $"{source.Name[0]}{source.NextSequence}{(source.Restarted ? "!" : "")}";

    // After a clock was set it may be refused.
    void Hear(Random random)
    {
        var now = Time.GetUtcNow();
        Word.Take(SomeWord.Of(now, random.Next(3), random.Next(2) == 0 ? now : null));
    }

    void DeliverSome(Random random)
    {
        Sink.FailAfter(random.Next(3), isStored: random.Next(2) == 0, new("Timeout", "No answer."));
        Deliver();
        Sink.Recover();
        if (random.Next(2) == 0)
        {
            Crash();
        }
    }

    void Die(Random random)
    {
        _ = Running;
        DieAfter(random.Next(1, 15));
        for (var step = random.Next(1, 5); step > 0; step--)
        {
            if (TrySeal(Sources[random.Next(Sources.Length)]))
            {
                Runner.Turn();
                Time.Advance(TimeSpan.FromSeconds(random.Next(400)));
            }
        }

        if (random.Next(3) == 0)
        {
            Runner.Finish(StopCause.Shutdown);
        }

        Crash();
    }

    void Stop()
    {
        Runner.Finish(StopCause.Shutdown);
        Crash();
    }

    // While it runs or while it does not; a digest as well as a batch.
    void DamageOne(Random random)
    {
        _ = Running;
        var files = Directory.EnumerateFiles(folder.Join("spool"), "*.batch").Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
        {
            return;
        }

        if (random.Next(2) == 0)
        {
            Crash();
        }

        var path = files[random.Next(files.Count)];
        var bytes = File.ReadAllBytes(path);
        bytes[random.Next(bytes.Length)] ^= 0x10;
        File.WriteAllBytes(path, bytes);
        isDamaged = true;
        trace.Add($"  {Path.GetFileName(path)}");
    }

    void LoseState()
    {
        Crash();
        if (Directory.Exists(IntegrityFolder) && File.Exists(Path.Combine(IntegrityFolder, "chain")))
        {
            // With the folder goes what was sealed and never spooled; what is in the spool is still delivered.
            Directory.Delete(IntegrityFolder, recursive: true);
            Chains++;
        }
    }

    // An agent without digests, or an older one, works for a while. What it finds damaged it does not declare.
    void RunDisabled(string source)
    {
        Crash();
        if (isDamaged)
        {
            return;
        }

        IsEnabled = false;
        TrySeal(source);
        Deliver();
        Crash();
        IsEnabled = true;
    }

    void Do(string name, Action action)
    {
        trace.Add(name);
        action();
        CheckConfirmed();
    }

    // What the agent says that the sink has, the archive has, and over a restart the agent does not take it back.
    void CheckConfirmed()
    {
        if (Runner.Status is not { Confirmed: { Sequence: > 0 } now } status)
        {
            Assert.True(confirmed.ChainId is null || confirmed.ChainId != Runner.Status.ChainId, $"{confirmed} was taken back.");
            return;
        }

        Assert.True(now.ChainId == status.ChainId && now.Sequence <= status.Sequence, $"{now} is not of {status}.");
        Assert.True(now.ChainId != confirmed.ChainId || now.Sequence >= confirmed.Sequence, $"{confirmed} moved back to {now}.");
        Assert.Contains(Sink.Objects, one => one.Key.Contains($"-{now.Sequence:D8}-{now.Sha256![..16]}.json", StringComparison.Ordinal));
        confirmed = (now.ChainId, now.Sequence);
    }
}
