using System.Text;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Agent.Sources.Feeds.Hubs;
using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Feeds.Hubs;

/// <summary>A follower of a hub with its journal, and a pipeline that reads it; both crash when they are told.</summary>
sealed class HubWorld : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly List<string> committed = [];
    readonly List<string> read = [];
    readonly FeedProgressFile<HubProgress> file;
    EventJournal? journal;
    JournalSource? source;
    IEventHub? connected;
    HubFollower? follower;
    SourceProgress? saved;

    public HubWorld(InMemoryHub? hub = null, ManualTime? time = null)
    {
        Time = time ?? new();
        Hub = hub ?? new(Time);
        file = HubProgressFile.In(folder.Path, () => { });
    }

    public ManualTime Time { get; }

    public InMemoryHub Hub { get; }

    public SilentFeedLog Log { get; private set; } = new();

    public bool StartsNow { get; init; }

    public int Partitions => follower?.Partitions ?? 0;

    public HubProgress? Progress => file.Load();

    /// <summary>Everything that was recorded, in order.</summary>
    public IReadOnlyList<string> Recorded
    {
        get
        {
            Read();
            return [.. committed, .. read];
        }
    }

    public IEnumerable<string> Ids => Buckets.BucketWorld.Ids(Recorded);

    /// <summary>A message of events with these names.</summary>
    public static string Events(params IEnumerable<string> ids) => AksRecordsTests.Records(ids.Select(FeedTextsOf.Event));

    public async Task TurnAsync()
    {
        Start();
        await follower!.TurnAsync(CancellationToken.None);
    }

    /// <summary>Turns that a failing hub may end.</summary>
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

    /// <summary>What was not saved is forgotten. The hub sees the connection end.</summary>
    public void Crash()
    {
        connected?.CloseAsync();
        Dispose(false);
        read.Clear();
    }

    /// <summary>The ledger is as old as this then; null means that it was not saved yet.</summary>
    public void Crash(byte[]? progress)
    {
        Crash();
        File.Delete(folder.Join("hub"));
        if (progress is not null)
            File.WriteAllBytes(folder.Join("hub"), progress);
    }

    public byte[]? ProgressNow() => File.Exists(folder.Join("hub")) ? File.ReadAllBytes(folder.Join("hub")) : null;

    public void Dispose() => Dispose(true);

    void Dispose(bool isEnd)
    {
        source?.Dispose();
        journal?.Dispose();
        (source, journal, follower, connected) = (null, null, null, null);
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
        connected = Hub.Connect();
        var reader = new MessageReader("sb://acme/audit", AksRecords.Unwrap, new(journal, Log.Stored, Time));
        var ledger = new HubLedger(file.Load() ?? new() { Of = "sb://acme/audit" }, StartsNow);
        follower = new(connected, reader, ledger, file.Save, Log, Time);
    }
}
