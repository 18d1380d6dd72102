namespace ClusterTrail.Kubectl.Shared;

/// <summary>The output takes no more.</summary>
sealed class OutputException(Exception inner) : Exception($"The output cannot be written: {Reason(inner)}", inner)
{
    // The code is the errno on Unix and an HRESULT on Windows: broken pipe, no data.
    static readonly int[] Closed = [32, unchecked((int)0x8007006D), unchecked((int)0x800700E8)];

    /// <summary>Whether its reader has enough, as <c>head</c> does; else the disk is full, or the like.</summary>
    internal bool IsClosed => Closed.Contains(InnerException!.HResult);

    // The library speaks of a path where there is none.
    static string Reason(Exception inner) => inner is UnauthorizedAccessException ? "it is closed, or not open for writing"
        : WriteFailure.Reason(inner);
}
