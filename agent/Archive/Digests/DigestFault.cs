namespace ClusterTrail.Archive.Digests;

/// <summary>In which way an object under <c>digests/</c> or <c>keys/</c> is not what it should be.</summary>
public enum DigestFault
{
    /// <summary>It is not two lines, its first line is not canonical JSON, or a member is missing, unknown or has a wrong value.</summary>
    Malformed,

    /// <summary>Something stands after its second line.</summary>
    TrailingBytes,

    /// <summary>It is of a major version that this reader does not know.</summary>
    UnknownVersion,
}
