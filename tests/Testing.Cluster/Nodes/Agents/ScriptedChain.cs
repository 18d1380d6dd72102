using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Contract.Completeness;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Testing.Nodes;

/// <summary>
/// An agent's chain of digests, as far as its status shows it: a digest every five minutes. It outlives pods, as a state folder does.
/// </summary>
public sealed class ScriptedChain
{
    static readonly TimeSpan Spacing = TimeSpan.FromMinutes(5);

    readonly List<string> stored = [];
    readonly List<byte[]> received = [];
    readonly List<CompletenessHandover> said = [];
    long confirmed;

    public ScriptedChain() => NewKey();

    public string ChainId { get; private set; } = NewId();

    public string PublicKey { get; private set; } = "";

    public string KeyId => Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(PublicKey)));

    /// <summary>When it began; nothing before the agent's first status.</summary>
    public DateTimeOffset? BegunAt { get; private set; }

    /// <summary>The records that the operator has sent, each as often as it came, as they are stored.</summary>
    public IReadOnlyList<byte[]> Received => received;

    /// <summary>Whether the sink takes records.</summary>
    public bool StoresRecords { get; set; } = true;

    /// <summary>Whether the sink takes digests. While it does not, the agent seals on.</summary>
    public bool DeliversDigests { get; set; } = true;

    /// <summary>What the operator has said of completeness, each as often as it came.</summary>
    public IReadOnlyList<CompletenessHandover> Said
    {
        get
        {
            lock (received)
                return [.. said];
        }
    }

    /// <summary>Whether it has a page for that; older agents do not.</summary>
    public bool TakesCompleteness { get; set; } = true;

    /// <summary>How many of the next words of the operator are lost.</summary>
    public int LosesWords { get; set; }

    /// <summary>The process is another one: what the operator said is forgotten.</summary>
    public void Forget()
    {
        lock (received)
            said.Clear();
    }

    /// <summary>The agent loses its state folder: another chain, with another key.</summary>
    public void Lose()
    {
        (ChainId, BegunAt, confirmed) = (NewId(), null, 0);
        NewKey();
        stored.Clear();
    }

    /// <summary>The chain goes on with another key, which the one before signed.</summary>
    public void Rotate() => NewKey();

    /// <summary>The digest's hash.</summary>
    public string HashOf(long sequence) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{ChainId} {sequence}"))));

    internal void Take(byte[] record)
    {
        lock (received)
        {
            received.Add(record);
            if (StoresRecords)
                stored.Add(Convert.ToHexStringLower(SHA256.HashData(record)));
        }
    }

    internal bool Take(CompletenessHandover word)
    {
        lock (received)
        {
            if (LosesWords-- > 0)
                return false;
            LosesWords = 0;
            said.Add(word);
            return true;
        }
    }

    /// <summary>What the agent says of it.</summary>
    public IntegrityStatus Status(string name, DateTimeOffset now)
    {
        BegunAt ??= now;
        var sequence = 1 + ((now - BegunAt.Value).Ticks / Spacing.Ticks);
        var until = TimeOf(sequence);
        confirmed = DeliversDigests ? sequence : confirmed;
        lock (received)
        {
            return new()
            {
                Chain = name,
                ChainId = ChainId,
                Sequence = sequence,
                Sha256 = HashOf(sequence),
                Until = until,
                NextBy = until + Spacing,
                Confirmed = confirmed == 0
                    ? new() { Sequence = 0 }
                    : new() { ChainId = ChainId, Sequence = confirmed, Sha256 = HashOf(confirmed), Until = TimeOf(confirmed) },
                KeyId = KeyId,
                PublicKey = PublicKey,
                Records = [.. stored.TakeLast(64)],
                Completeness = !TakesCompleteness ? null : said is [.., var word] ? new() { At = word.At, Hash = word.Hash } : new(),
            };
        }
    }

    DateTimeOffset TimeOf(long sequence) => BegunAt!.Value + (Spacing * (sequence - 1));

    static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    void NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        PublicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }
}
