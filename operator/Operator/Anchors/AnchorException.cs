namespace ClusterTrail.Operator.Anchors;

/// <summary>An anchor could not be read or written.</summary>
/// <param name="code">A short word, such as S3's error code.</param>
/// <param name="message">What happened and what to do, without secrets.</param>
sealed class AnchorException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public const string Conflict = "PreconditionFailed";

    public string Code => code;

    /// <summary>Whether somebody else has written meanwhile.</summary>
    public bool IsConflict => code == Conflict;
}
