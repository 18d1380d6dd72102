namespace ClusterTrail.Verification.Findings;

/// <summary>What each kind of finding means.</summary>
public static class FindingKinds
{
    /// <summary>What the process ends with if this is the gravest.</summary>
    public static int Code(this FindingKind kind) => (int)kind;

    /// <summary>Whether an archive with this finding is not verified. Of notices only <c>--strict</c> makes failures.</summary>
    public static bool Fails(this FindingKind kind) => kind is FindingKind.Unreadable or >= FindingKind.DigestOverdue;

    /// <summary>One sentence, for reports.</summary>
    public static string Meaning(this FindingKind kind) => kind switch
    {
        FindingKind.Unreadable => "A part of the archive could not be read, so it is not verified.",
        FindingKind.NotDelivered => "The newest digest says that it was still on its way.",
        FindingKind.NotSealed => "An object that the next digest has yet to name.",
        FindingKind.BeforeChain => "An object from before there were digests. It is not proven.",
        FindingKind.EndedWithoutStop => "An agent ended without saying so: a crash, or a lost node.",
        FindingKind.LateDigest =>
            "A digest came later than the one before announced: the agent or the clock stood still, or the clock was set.",
        FindingKind.DeclaredGap => "The agent says that a part of the log disappeared before it was read.",
        FindingKind.DeclaredLoss => "The agent says that it lost a batch, or a digest, before it was delivered.",
        FindingKind.UnprovenObject => "An object from between the last digest of an agent that lost its state and the first one after it.",
        FindingKind.ChainRestarted => "An agent lost its state and began another chain.",
        FindingKind.StaleHead => "A head that was given is older than the archive's newest digest; an anchor, by more than its interval.",
        FindingKind.UnanchoredChain => "A chain has no anchor, where others have one.",
        FindingKind.DeclaredMissing => "The operator says that events that an API server made were not read.",
        FindingKind.DeclaredSurplus =>
            "The operator says that more events were read than API servers made: something else writes to the log.",
        FindingKind.DigestOverdue =>
            "The newest digest announced another one, which did not come: the agent is down, or the newest history is cut off.",
        FindingKind.UndeclaredGap => "The numbers of a source's batches have a hole that nobody declared.",
        FindingKind.TrailingBytes => "Bytes stand behind the end of an object that is otherwise unchanged.",
        FindingKind.MisnamedObject => "An object is stored under a name that is not its own.",
        FindingKind.UnnamedObject => "An object that no digest names: somebody added it.",
        FindingKind.MissingObject => "An object that a digest names is not there.",
        FindingKind.ChangedObject => "An object does not have the bytes that its digest says.",
        FindingKind.MissingDigest => "A digest is not there, though later ones of its chain are.",
        FindingKind.CutOffTail => "A digest that is known from elsewhere, and newer than all that are there, is missing.",
        FindingKind.ChangedDigest => "A digest or a key record does not have the bytes that its name says, or is none.",
        FindingKind.ReplayedDigest => "A digest or a key record is of another cluster, trail, node or chain than its name.",
        FindingKind.ReorderedChain => "Digests of a chain are linked in another order than they are numbered.",
        FindingKind.ForkedChain => "There are two different digests with one number, or a digest names another one before it.",
        FindingKind.UnknownKey => "A digest is signed by a key that nobody enrolled, or a key record by a key that is not trusted.",
        FindingKind.RetiredKey => "A digest was signed by a key after the key was retired.",
        FindingKind.BadSignature => "A signature is not that of the key that its object names.",
        FindingKind.NothingFound => "There is no digest, so nothing is proven.",
        FindingKind.AnchorTampered => "An anchor is missing, was deleted, moved back, or replaced by something else.",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
