namespace ClusterTrail.Rules.Insights;

/// <summary>What can be seen for the first time.</summary>
enum FirstSeenKind : byte
{
    /// <summary>A user from a network: of an IPv4 address the first 24 bits, of an IPv6 address the first 64.</summary>
    Network,

    /// <summary>A user with a user agent of another family: what stands before the first slash or space.</summary>
    UserAgent,

    /// <summary>A service account that does a verb on a kind of object.</summary>
    ServiceAccountVerb,

    /// <summary>Whoever gets, lists or watches secrets, and is not refused.</summary>
    SecretReader,
}
