namespace ClusterTrail.Operator.Anchors;

/// <summary>An anchor could not be read or written.</summary>
/// <param name="code">A short word, such as S3's error code.</param>
/// <param name="message">What happened and what to do, without secrets.</param>
sealed class AnchorException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public const string Conflict = "PreconditionFailed";

    /// <summary>What is there is further than what is known.</summary>
    public const string Ahead = "AnchorAhead";

    /// <summary>What is there is nothing that an operator of the Trail wrote there.</summary>
    public const string Damaged = "AnchorDamaged";

    // What S3 says of an object of a class that must be restored first.
    const string Archived = "InvalidObjectState";

    public string Code => code;

    /// <summary>Whether somebody else has written meanwhile.</summary>
    public bool IsConflict => code == Conflict;

    /// <summary>Whether it is about what lies in one chain's place. Nothing changes that but somebody with the bucket, or time.</summary>
    public bool IsOfChain => code is Ahead or Damaged or Archived;
}
