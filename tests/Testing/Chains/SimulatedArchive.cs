using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Testing.Chains;

/// <summary>An archive in memory, the operator that enrols keys in it, and a clock.</summary>
public sealed class SimulatedArchive : IDisposable
{
    /// <summary>By name, below the archive's root.</summary>
    public SortedDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Chain and number of each digest that was sealed, by its SHA-256.</summary>
    public Dictionary<string, (string ChainId, long Sequence)> Chains { get; } = [];

    /// <summary>The newest digest that an agent has sealed.</summary>
    public ChainHead HeadOf(SimulatedAgent agent) =>
        new(agent.ChainId, agent.Sequence, Chains.Single(one => one.Value == (agent.ChainId, agent.Sequence)).Key);

    public SigningKey Operator { get; } = SigningKey.Generate();

    public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 22, 0, 0, TimeSpan.Zero);

    public string Enrol(ChainOwner owner, VerifyingKey key, DateTimeOffset at, ChainHead? former = null, SigningKey? by = null)
    {
        by ??= Operator;
        var enrolment = new KeyEnrolment { Owner = owner, Key = key, EnrolledAt = at, OperatorKeyId = by.Public.Id, FormerHead = former };
        var signed = SignedObject.Sign(enrolment.ToJson(), by);
        var name = enrolment.NameOf(signed).ToString();
        Objects[name] = signed.Bytes.ToArray();
        return name;
    }

    public void Retire(ChainOwner owner, VerifyingKey key, DateTimeOffset at)
    {
        var retirement = new KeyRetirement { Owner = owner, KeyId = key.Id, RetiredAt = at, Why = "a test", OperatorKeyId = Operator.Public.Id };
        var signed = SignedObject.Sign(retirement.ToJson(), Operator);
        Objects[retirement.NameOf(signed).ToString()] = signed.Bytes.ToArray();
    }

    /// <summary>As files, below a folder.</summary>
    public void WriteTo(string folder)
    {
        foreach (var (name, bytes) in Objects)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }
    }

    public void Dispose() => Operator.Dispose();
}
