using System.Security.Cryptography;
using System.Text.Json;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract.Labels;
using ClusterTrail.Contract.Status;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Benchmarks.Nodes;

/// <summary>What one agent of a large cluster says of itself, and what it was sent.</summary>
sealed class SimulatedAgent(AgentRole role, string node, string trail, string clusterName)
{
    static readonly DateTimeOffset StartedAt = DateTimeOffset.UtcNow;

    // As an agent seals digests: one each hour.
    static readonly TimeSpan Digests = TimeSpan.FromHours(1);

    readonly string chainId = RandomNumberGenerator.GetHexString(32, lowercase: true);
    readonly SigningKey key = SigningKey.Generate();
    readonly string instance = Guid.NewGuid().ToString("N");
    readonly Lock guard = new();
    readonly List<string> records = [];
    string? labels;
    long polls;

    public AgentRole Role => role;

    public string Node => node;

    public string Instance => instance;

    public string Trail => trail;

    /// <summary>The pods of its node, as it was sent them last.</summary>
    public IReadOnlyList<PodLabels> Pods { get; private set; } = [];

    public void Take(LabelsHandover handover)
    {
        lock (guard)
        {
            (labels, Pods) = (handover.Hash, handover.Pods);
        }
    }

    public void TakeRecord(byte[] record)
    {
        lock (guard)
            records.Add(Convert.ToHexStringLower(SHA256.HashData(record)));
    }

    /// <summary>The answer of <c>/status</c>: of an agent that reads a little all the time.</summary>
    public byte[] Status(RunningFiles files)
    {
        lock (guard)
        {
            polls++;
            return JsonSerializer.SerializeToUtf8Bytes(StatusOf(files), StatusJson.Default.AgentStatus);
        }
    }

    AgentStatus StatusOf(RunningFiles files) => new()
    {
        Agent = new()
        {
            Version = "0.1.0",
            Revision = "0123456789abcdef0123456789abcdef01234567",
            ClusterName = clusterName,
            NodeName = node,
            Trail = trail,
            StartedAt = StartedAt,
        },
        ConfigHash = files.ConfigHash,
        Selectors = new() { Hash = files.SelectorsHash, LoadedAt = StartedAt, RuleSets = 1 },
        Sources = role == AgentRole.ApiServer ? [Source("apiserver")] :
        [
            Source("containers") with
            {
                Containers = new() { Pods = Pods.Count, Undecided = 0, RulesHash = files.RulesHash, LabelsHash = labels },
            },
            Source("processes") with { Processes = Processes() },
        ],
        Spool = new() { Bytes = 0, LimitBytes = 1 << 30, Batches = 0, OldestAgeSeconds = 0 },
        Sinks =
        [
            new()
            {
                Description = "s3://audit/",
                LastDelivery = new(DateTimeOffset.UtcNow, $"v1/{clusterName}/{node}/{polls:d10}.ndjson.zst.cms"),
                DeliveredBatches = polls,
                DeliveredEvents = polls * 3,
            },
        ],
        Integrity = Integrity(),
    };

    SourceStatus Source(string name) => new()
    {
        Name = name,
        State = SourceState.Idle,
        Path = "/var/log/pods",
        File = "0123456789abcdef0123456789abcdef",
        Offset = polls * 1000,
        LagBytes = 0,
        LagSeconds = 0,
        LastEventAt = DateTimeOffset.UtcNow,
        ReadEvents = polls * 3,
        SelectedEvents = polls * 3,
        Gaps = 0,
    };

    ProcessesStatus Processes() => new()
    {
        Method = ProcessMethod.KernelProgram,
        RecordedEvents = polls * 3,
        LostEvents = 0,
        RateLimitedEvents = 0,
        UnattributedEvents = 0,
        Containers = 20,
        Join = new()
        {
            IsExpected = true,
            IsLive = true,
            HandedOverAt = DateTimeOffset.UtcNow,
            Joined = 0,
            Ambiguous = 0,
            OfKubelet = 0,
            Unexplained = 0,
            NotEvaluable = 0,
            Refused = 0,
        },
    };

    IntegrityStatus Integrity()
    {
        // Not all at the same minute, as agents that started one after the other.
        var number = 1 + (long)((DateTimeOffset.UtcNow - StartedAt + (Digests * (node.GetHashCode(StringComparison.Ordinal) & 0xff) / 256)) / Digests);
        return new()
        {
            Chain = role.Chain(),
            ChainId = chainId,
            Sequence = number,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(number))),
            Until = StartedAt,
            NextBy = DateTimeOffset.UtcNow + Digests,
            KeyId = key.Public.Id,
            PublicKey = key.Public.Base64,
            Records = [.. records],
        };
    }
}

/// <summary>The hashes of the files that agents have, as their ConfigMap says.</summary>
sealed record RunningFiles(string ConfigHash, string SelectorsHash, string? RulesHash);
