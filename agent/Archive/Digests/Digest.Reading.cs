namespace ClusterTrail.Archive.Digests;

public sealed partial record Digest
{
    /// <summary>Reads the content. Signature, name and place in the chain are for the caller to check.</summary>
    /// <exception cref="DigestException">It is not that of a digest.</exception>
    public static Digest Read(SignedObject signed) => SignedContent.Read(signed, Kind, Read);

    static Digest Read(Members members, ChainOwner owner)
    {
        var digest = new Digest
        {
            Owner = owner,
            ChainId = members.Hex("chainId", ChainIdDigits),
            Sequence = members.Count("sequence"),
            Reason = members.Choice<DigestReason>("reason"),
            Stop = members.ChoiceOrNull<StopCause>("stop"),
            From = members.Time("from"),
            Until = members.Time("until"),
            NextBy = members.TimeOrNull("nextBy"),
            Previous = members.ObjectOrNull("previous", DigestLink.Read),
            Key = AnnouncedKey.ReadKey(members),
            NextKey = members.ObjectOrNull("nextKey", AnnouncedKey.ReadKey),
            AgentVersion = members.Text("agentVersion"),
            Configuration = members.Object("configuration", ConfigurationHashes.Read),
            Objects = members.List("objects", one => DigestObject.Read(one, owner)),
            Sources = members.List("sources", DigestSource.Read),
            Waiting = members.List("waiting", WaitingBatches.Read),
            WaitingDigests = members.List("waitingDigests", Digests.WaitingDigests.Read),
            Lost = members.List("lost", LostBatches.Read),
            LostDigests = members.List("lostDigests", LostDigest.Read),
            Spool = members.Object("spool", DigestSpool.Read),
            Completeness = members.Minor == 0 ? null : members.ObjectOrNull("completeness", DigestCompleteness.Read),
        };
        digest.CheckTogether(members);
        return digest;
    }

    void CheckTogether(Members members)
    {
        if (Sequence == 0)
        {
            throw members.Wrong("sequence", Sequence, "an integer from 1 on");
        }

        Require(members, Previous is null == (Sequence == 1), "previous", "absent in the first digest of a chain, and only there");
        Require(members, Stop is null == (Reason != DigestReason.Stop), "stop", "present when reason is Stop, and absent otherwise");
        Require(members, NextBy is null == (Reason == DigestReason.Stop), "nextBy", "absent when reason is Stop, and present otherwise");
        Require(members, NextKey is null || NextKey != Key, "nextKey", "another key than that of this digest");
        var named = Sources.Select(source => source.Name).ToHashSet();
        Require(members, named.Count == Sources.Count, "sources", "each source once");
        Require(members, Objects.All(one => named.Contains(one.Source)), "objects", "batches of the sources that the digest names");
        Require(members, Objects.DistinctBy(one => one.Name).Count() == Objects.Count, "objects", "each object once");
    }

    static void Require(Members members, bool holds, string name, string allowed)
    {
        if (!holds)
        {
            throw members.Against(name, allowed);
        }
    }
}
