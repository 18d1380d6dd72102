using System.Text;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Agent.Sources.Feeds.Buckets;
using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Feeds.Buckets;

/// <summary>A follower of a bucket with its journal, and a pipeline that reads it; both crash when they are told.</summary>
sealed class BucketWorld : IDisposable
{
    public static readonly TimeSpan Lateness = TimeSpan.FromMinutes(10);

    readonly TemporaryFolder folder = new();
    readonly List<string> committed = [];
    readonly List<string> read = [];
    readonly FeedProgressFile<BucketProgress> file;
    EventJournal? journal;
    JournalSource? source;
    BucketFollower? follower;
    SourceProgress? saved;

    public BucketWorld()
    {
        file = BucketProgressFile.In(folder.Path, () => { });
        Bucket = new(Time);
    }

    public ManualTime Time { get; } = new();

    public InMemoryBucket Bucket { get; }

    public SilentFeedLog Log { get; private set; } = new();

    public InMemoryQueue? Queue { get; init; }

    public bool StartsNow { get; init; }

    /// <summary>Everything that was recorded, in order.</summary>
    public IReadOnlyList<string> Recorded
    {
        get
        {
            Read();
            return [.. committed, .. read];
        }
    }

    /// <summary>An object of events with these names.</summary>
    public static string Events(params IEnumerable<string> ids) => string.Concat(ids.Select(id => $"{FeedTextsOf.Event(id)}\n"));

    public static IEnumerable<string> Ids(IEnumerable<string> lines) =>
        lines.Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("auditID").GetString()!);

    public async Task TurnAsync()
    {
        Start();
        await follower!.TurnAsync(CancellationToken.None);
    }

    /// <summary>Turns that a failing store may end.</summary>
    public async Task<FeedException?> TryTurnAsync()
    {
        try
        {
            await TurnAsync();
            return null;
        }
        catch (FeedException e)
        {
            return e;
        }
    }

    public void Read()
    {
        Start();
        while (source!.TryRead(out var line))
            read.Add(Encoding.UTF8.GetString(line.Text));
    }

    public void Commit()
    {
        Read();
        saved = source!.TakeProgress();
        committed.AddRange(read);
        read.Clear();
        source.NoteSaved(saved);
    }

    /// <summary>What was not saved is forgotten.</summary>
    public void Crash()
    {
        Dispose(false);
        read.Clear();
    }

    /// <summary>The ledger is as old as this then; null means that it was not saved yet.</summary>
    public void Crash(byte[]? progress)
    {
        Crash();
        File.Delete(folder.Join("bucket"));
        if (progress is not null)
            File.WriteAllBytes(folder.Join("bucket"), progress);
    }

    public byte[]? ProgressNow() => File.Exists(folder.Join("bucket")) ? File.ReadAllBytes(folder.Join("bucket")) : null;

    public void Dispose() => Dispose(true);

    void Dispose(bool isEnd)
    {
        source?.Dispose();
        journal?.Dispose();
        (source, journal, follower) = (null, null, null);
        if (isEnd)
            folder.Dispose();
    }

    void Start()
    {
        if (follower is not null)
            return;
        journal = new(folder.Join("journal"), 256 << 20, Time, () => { }, KnownGroups.Always);
        source = new(journal, saved, 1 << 20, new(_ => Assert.Fail("a gap"), _ => { }, _ => { }), Time, () => null, () => null);
        source.Begin();
        Log = new();
        var reader = new ObjectReader(Bucket, "audit", AuditTexts.Unwrap, new(journal, Log.Stored, Time));
        var progress = file.Load() ?? new() { Of = "s3://audit/", Settled = StartsNow ? Time.GetUtcNow() : null };
        follower = new(Bucket, reader, new(progress, Lateness), file.Save, new("audit", "", Queue), Log, Time);
        follower.RetryAll();
    }
}
