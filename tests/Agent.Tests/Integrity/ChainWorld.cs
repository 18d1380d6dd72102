using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Agent.Integrity;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Archive;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Integrity;

/// <summary>An agent's batches and digests on a real disk, a sink that fails, and all that can go wrong with both.</summary>
sealed partial class ChainWorld : IDisposable
{
    public const string Chain = "agent";

    static readonly string[] Sources = ["apiserver", "processes"];

    readonly TemporaryFolder folder = new("/dev/shm");
    readonly AgentMetrics metrics = new(new("0.1.0", "test"));
    readonly Dictionary<string, long> checkpoints = Sources.ToDictionary(source => source, _ => 1L);
    Session? session;
    int? writesLeft;

    public ManualTime Time { get; } = new();

    public InMemorySink Sink { get; } = new();

    public LoggedMessages<DigestRunner> Logged { get; } = new();

    public Recording Recording { get; set; } = Recording.On;

    public bool IsEnabled { get; set; } = true;

    /// <summary>Opens the key that signs in place of the agent's own, from the next start on.</summary>
    public Func<SigningKey>? Elsewhere { get; set; }

    public long SpoolLimit { get; set; } = 1 << 20;

    public IntegrityConfiguration Limits { get; set; } = new() { IntervalSeconds = 300, IdleIntervalSeconds = 3600, KeyRotationDays = 30 };

    public string Folder => folder.Path;

    public string IntegrityFolder => folder.Join("integrity");

    public DigestRunner Runner => Running.Runner;

    public DigestChain ChainOfDigests => Running.Chain;

    /// <summary>What the operator says, to this process.</summary>
    public CompletenessWord Word => Running.Chain.Word!;

    public DigestLedger Ledger => Running.Folder.Ledger;

    public BatchSpool Spool => Running.Spool;

    public DigestedArchive Archive(bool isClockSet = false) => DigestedArchive.Check(Sink.Objects, isClockSet);

    /// <summary>The digests in the archive, of which there is one chain.</summary>
    public List<Digest> Delivered() => [.. Assert.Single(Archive(isClockSet: true).Chains).Select(one => one.Digest)];

    /// <summary>What the committer does with a batch, on this disk; false when a step failed.</summary>
    public bool TrySeal(string source, int gaps = 0)
    {
        var running = Running;
        var sequence = checkpoints[source];
        var content = Encoding.UTF8.GetBytes($"{source} {sequence} {Time.GetUtcNow():O} {Guid.NewGuid()}");
        try
        {
            if (running.Half is not ({ } header, var bytes) || header.Source != source)
            {
                header = HeaderOf(source, sequence, content);
                bytes = content;
                running.Spool.Add(header, bytes, Tests.Spool.SomeSpool.Progress(sequence));
                running.Half = (header, bytes);
            }

            running.Ledgers[source].NoteRead(10, 1, 0, 2);
            for (; gaps > 0; gaps--)
            {
                running.Ledgers[source].NoteGap(new("0123456789abcdef", gaps, 5, "Vanished", Time.GetUtcNow()));
            }

            running.Ledgers[source].Seal(header, bytes.Length);
            EnsureAlive();
            checkpoints[source] = header.Sequence + 1;
            running.Uploader.Enqueue(running.Spool.Held.Single(held => held.Source == source && held.Sequence == header.Sequence));
            running.Half = null;
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Read(string source)
    {
        Running.Ledgers[source].NoteRead(100, 0, 0, 0);
        try
        {
            Running.Ledgers[source].Pass();
        }
        catch (IOException)
        {
            // The pipeline tries again with its next step.
        }
    }

    /// <summary>Tries to deliver each batch and digest that waits.</summary>
    public void Deliver()
    {
        using var stop = new CancellationTokenSource();
        var delivering = Running.Uploader.RunAsync(1, stop.Token);
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => delivering.GetAwaiter().GetResult());
    }

    /// <summary>The process is killed; the next use starts another one.</summary>
    public void Crash()
    {
        session?.Dispose();
        session = null;
    }

    /// <summary>From so many writes on the process does not live to see another one.</summary>
    public void DieAfter(int writes) => writesLeft = writes;

    /// <summary>The source's checkpoint is gone, and what is spooled too.</summary>
    public void LoseCheckpoint(string source)
    {
        Crash();
        checkpoints[source] = 1;
    }

    public void Dispose()
    {
        Crash();
        metrics.Dispose();
        folder.Dispose();
    }

    Session Running => session ??= Start();

    Session Start()
    {
        Time.Advance(TimeSpan.FromMilliseconds(1));
        writesLeft = null;
        var chainFolder = ChainFolder.Open(IntegrityFolder, EnsureAlive, _ => { });
        chainFolder.Keys.Elsewhere = Elsewhere;
        var ledger = IsEnabled ? chainFolder.Ledger : null;
        DigestChain chain = null!;
        var spool = new BatchSpool(folder.Join("spool"), SpoolLimit, Time, EnsureAlive)
        {
            Losing = (source, sequence) => NoteLosing(ledger, chain, source, sequence),
        };
        var uploader = new Uploader(
            spool, Sink, new ArchiveMeter(metrics.DeclareSink("Directory"), metrics.DeclareSource, metrics.Digests), Time,
            NullLogger<Uploader>.Instance, new Random(1))
        {
            Confirmed = delivered => chain.NoteConfirmed(delivered),
        };
        var context = new ChainContext(
            new("prod", "main", "cp-1", Chain), "0.1.0", Limits, () => new(new('1', 64), null, null), Sources,
            () => uploader.Status.AsideBatches ?? 0);
        chain = new(context, chainFolder, new(spool, uploader.Enqueue), Time) { Word = new(context.Owner, Time) };
        var spooled = spool.Open((_, _, _) => { });
        var ledgers = Sources.ToDictionary(source => source, source => new SourceLedger(source, ledger));
        List<SpooledBatch> handedOver = [.. Sources.Select(source => Recover(source, spool, ledgers[source])).OfType<SpooledBatch>()];
        foreach (var batch in spooled.Where(batch => File.Exists(batch.Path) && !handedOver.Contains(batch)).Concat(handedOver))
        {
            uploader.Enqueue(batch);
        }

        var runner = new DigestRunner(chain, chainFolder.Ledger, Limits, () => Recording, metrics.Digests, Time, Logged);
        return new(chainFolder, spool, uploader, chain, runner, ledgers);
    }

    // As Recovery does: the newest batch counts if the checkpoint does not know it.
    SpooledBatch? Recover(string source, BatchSpool spool, SourceLedger ledger)
    {
        var next = checkpoints[source];
        var newest = spool.Newest(source)?.Batch;
        var unconfirmed = newest?.Sequence >= next ? newest : null;
        checkpoints[source] = next = unconfirmed is null ? next : unconfirmed.Sequence + 1;
        ledger.GoOn(new(new(next, Tests.Spool.SomeSpool.Progress(next)), unconfirmed), spool);
        return unconfirmed;
    }

    static void NoteLosing(DigestLedger? ledger, DigestChain chain, string source, long sequence)
    {
        if (SpooledBatch.IsDigest(source))
        {
            chain.NoteDamaged(source, sequence);
        }
        else
        {
            ledger?.Lose(new LostBatches(source, sequence, sequence, LostBatches.Damaged));
        }
    }

    SpoolHeader HeaderOf(string source, long sequence, byte[] content)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        var name = new BatchName
        {
            Cluster = "prod",
            Trail = "main",
            Node = "cp-1",
            FirstEvent = Time.GetUtcNow(),
            Source = source,
            Sequence = sequence,
            Hash = hash[..BatchName.HashDigits],
            Codec = Codec.Zstd,
            Encrypted = true,
        };
        return Tests.Spool.SomeSpool.Header(sequence, content, source) with
        {
            Name = name.ToString(),
            FirstEvent = name.FirstEvent,
            LastEvent = name.FirstEvent,
            SealedAt = Time.GetUtcNow(),
        };
    }

    void EnsureAlive()
    {
        if (writesLeft is { } left && (writesLeft = left - 1) <= 0)
        {
            throw new IOException("The process is dead.");
        }
    }

    /// <summary>One life of an agent.</summary>
    sealed record Session(
        ChainFolder Folder, BatchSpool Spool, Uploader Uploader, DigestChain Chain, DigestRunner Runner,
        IReadOnlyDictionary<string, SourceLedger> Ledgers) : IDisposable
    {
        /// <summary>A batch that is in the spool, and that its checkpoint does not know.</summary>
        public (SpoolHeader Header, byte[] Content)? Half { get; set; }

        public void Dispose() => Folder.Dispose();
    }
}
