using ClusterTrail.Agent.Integrity;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Sinks.S3;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Contract.Status;
using ClusterTrail.Kms;
using ClusterTrail.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>What an agent seals digests with.</summary>
sealed partial class AgentIntegrity : IDisposable
{
    readonly ChainFolder folder;
    readonly StateFolder state;
    readonly TimeProvider time;
    readonly ILogger<DigestRunner> logger;
    DigestChain? chain;
    DigestRunner? runner;
    ChainOwner? owner;
    KmsKey? kms;
    KeyRecordStore? records;
    CompletenessWord? word;

    /// <exception cref="ConfigurationException">What an earlier run left cannot be read.</exception>
    public AgentIntegrity(StateFolder state, TimeProvider time, ILoggerFactory loggers)
    {
        (this.state, this.time, logger) = (state, time, loggers.CreateLogger<DigestRunner>());
        try
        {
            folder = ChainFolder.Open(state.IntegrityPath, state.EnsureHeld, LogDamagedChain);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"stateDirectory: {state.IntegrityPath} cannot be read: {e.Message}", e);
        }
    }

    public DigestLedger Ledger => folder.Ledger;

    public IntegrityStatus? Status =>
        runner?.Status is { } status ? status with { Records = records?.Stored, Completeness = word?.Status } : null;

    /// <summary>Where the operator hands over key records; nothing without a key that it is known by.</summary>
    public TelemetryExchange? RecordsPage(StatusKey key) => records is null ? null : new RecordsExchange(records, key).Page;

    /// <summary>
    /// Where the operator says what it found of completeness; nothing without a key, and of an agent that reads of no API server.
    /// </summary>
    public TelemetryExchange? CompletenessPage(StatusKey key) => word is null ? null : new CompletenessExchange(word, key).Page;

    /// <summary>Says where digests go, and what they say of the agent.</summary>
    public void Attach(AgentConfiguration configuration, Origin origin, WatchedFiles files, (BatchSpool Spool, Uploader Uploader) to)
    {
        var limits = configuration.Integrity ?? new();
        owner = new(origin.ClusterName, origin.Trail, origin.NodeName, limits.Chain);
        var context = new ChainContext(
            owner, BuildInfo.Current.Version, limits, () => HashesOf(files), [.. configuration.Sources.Select(source => source.Name)],
            () => to.Uploader.Status.AsideBatches ?? 0);
        folder.Keys.Elsewhere = KeyInKms(configuration, limits.Kms);
        var isCompared = configuration.Sources.Any(source => source.Type is SourceType.LogFile or SourceType.Webhook);
        word = isCompared ? new(owner, time) : null;
        chain = new(context, folder, new(to.Spool, to.Uploader.Enqueue), time) { Word = word };
    }

    /// <summary>Takes key records from now on: what an earlier run left in the spool is known.</summary>
    public void Opened((BatchSpool Spool, Uploader Uploader) to) =>
        records = new(state.KeyRecordsPath, owner!, new(to.Spool, to.Uploader.Enqueue), time, state.EnsureHeld);

    /// <summary>Notes what the sink has confirmed, before it leaves the spool.</summary>
    public void NoteConfirmed(SpoolHeader delivered) => chain!.NoteConfirmed(delivered);

    /// <summary>Notes a file of the spool that is about to be taken out, because it is damaged.</summary>
    public void NoteLosing(string source, long sequence)
    {
        if (source == SpooledBatch.KeyRecords)
        {
            records?.NoteLost(sequence);
        }
        else if (!SpooledBatch.IsDigest(source))
        {
            folder.Ledger.Lose(new LostBatches(source, sequence, sequence, LostBatches.Damaged));
        }
        else
        {
            chain!.NoteDamaged(source, sequence);
        }
    }

    /// <summary>Seals the digest of the start.</summary>
    /// <param name="recording">Whether the agent records now.</param>
    public void Start(IntegrityConfiguration limits, Func<Recording> recording, DigestMetrics metrics)
    {
        runner = new(chain!, folder.Ledger, limits, recording, metrics, time, logger);
        runner.Turn();
    }

    /// <summary>Seals digests until it is cancelled.</summary>
    public Task RunAsync(CancellationToken stopping) => runner!.RunAsync(stopping);

    /// <summary>Seals the last digest, when all else is in the spool.</summary>
    public void Finish() => runner!.Finish(StopCause.Shutdown);

    public void Dispose()
    {
        folder.Dispose();
        kms?.Dispose();
    }

    // With the credentials of the sink, where these are files: a pod has one identity.
    Func<SigningKey>? KeyInKms(AgentConfiguration configuration, KmsKeyConfiguration? named)
    {
        if (named is null)
        {
            return null;
        }

        var credentials = configuration.Sink.S3?.Credentials.Static is { } files ? new FileCredentials(files, time) : null;
        try
        {
            kms = new(new(named.KeyId, named.Region, named.Endpoint), time, credentials);
            return () => KmsSigner.Open(kms);
        }
        catch (KmsException e)
        {
            throw new ConfigurationException($"integrity.kms: {e.Message}", e);
        }
    }

    static ConfigurationHashes HashesOf(WatchedFiles files) =>
        new(files.Configuration.Hash, HashOrNull(files.Selectors.Status.Hash), HashOrNull(files.Detections?.Status.Hash));

    // Without a file it is a word.
    static string? HashOrNull(string? hash) => hash?.Length == 64 ? hash : null;

    [LoggerMessage(
        LogLevel.Error, "The state of the chain of digests is damaged and was set aside; a new chain begins: {Reason}")]
    partial void LogDamagedChain(string reason);
}
