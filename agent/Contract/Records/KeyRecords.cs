namespace ClusterTrail.Contract.Records;

/// <summary>How the operator hands key records to an agent, which puts them into the archive: docs/decisions/0029.</summary>
/// <remarks>A request is one record, as it is to be stored. The agent's status says which records the sink has.</remarks>
public static class KeyRecords
{
    public const string Path = "/records";

    /// <summary>What the operator's signature is for; see <see cref="Execs.ExecSignature"/>.</summary>
    public const string Purpose = "records";

    /// <summary>The bytes of the largest record: it has names, two hashes, a key and a sentence.</summary>
    public const int LargestBody = 16 << 10;

    /// <summary>How many hashes of stored records an agent lists, the newest.</summary>
    public const int MostListed = 64;

    /// <summary>How many records an agent holds that the sink does not have yet. It refuses more.</summary>
    public const int MostWaiting = 32;
}
