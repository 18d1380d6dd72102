namespace ClusterTrail.Kubectl.Shared;

/// <summary>What the library throws where a stream or file cannot be written.</summary>
static class WriteFailure
{
    /// <remarks>
    /// A descriptor that is closed, or not open for writing, is an access that is denied; a file larger than its user's limit (EFBIG) is an
    /// argument that is out of range.
    /// </remarks>
    internal static bool Is(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    /// <summary>Why; without the name of a parameter, which is none of the user's.</summary>
    internal static string Reason(Exception e) =>
        e is ArgumentOutOfRangeException ? "it would be larger than the limit of files" : e.Message;
}
