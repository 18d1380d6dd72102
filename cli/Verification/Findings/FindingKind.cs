namespace ClusterTrail.Verification.Findings;

/// <summary>What a verifier can find, from the least grave to the gravest; the numbers are exit codes.</summary>
public enum FindingKind
{
    /// <summary>A part of the archive could not be read, so nothing is known of it.</summary>
    Unreadable = 1,

    // Notices: what agents and the operator declare, and what is as it must be while an archive grows.
    NotDelivered = 20,
    NotSealed = 21,
    BeforeChain = 22,
    EndedWithoutStop = 23,
    LateDigest = 24,
    DeclaredGap = 25,
    DeclaredLoss = 26,
    UnprovenObject = 27,
    ChainRestarted = 28,
    StaleHead = 29,
    UnanchoredChain = 30,
    DeclaredMissing = 31,
    DeclaredSurplus = 32,

    // Failures.
    DigestOverdue = 40,
    UndeclaredGap = 41,
    TrailingBytes = 42,
    MisnamedObject = 43,
    UnnamedObject = 44,
    MissingObject = 45,
    ChangedObject = 46,
    MissingDigest = 47,
    CutOffTail = 48,
    ChangedDigest = 49,
    ReplayedDigest = 50,
    ReorderedChain = 51,
    ForkedChain = 52,
    UnknownKey = 53,
    RetiredKey = 54,
    BadSignature = 55,
    NothingFound = 56,
    AnchorTampered = 57,
}
