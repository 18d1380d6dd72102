namespace ClusterTrail.Rules.Events;

/// <summary>What was cut out of an event, so that it can be judged and recorded all the same.</summary>
/// <param name="bytes">The length of the line.</param>
/// <param name="sha256">The hash of the whole line.</param>
/// <param name="cuts">What is not there whole.</param>
sealed class Truncation(TruncationReason reason, long bytes, byte[] sha256, IReadOnlyList<Cut> cuts)
{
    readonly int[] positions = [.. cuts.Select(cut => cut.Position).Order()];

    public TruncationReason Reason => reason;

    public long Bytes => bytes;

    public byte[] Sha256 => sha256;

    public IReadOnlyList<Cut> Cuts => cuts;

    /// <summary>Whether somebody looked at a value that is not there whole, since this was last set to false.</summary>
    public bool IsMet { get; set; }

    /// <summary>Whether the value that starts here is not there whole.</summary>
    public bool IsCutAt(int position) => Array.BinarySearch(positions, position) >= 0;

    /// <summary>How long the value that starts here was; 0 for one that is there whole.</summary>
    public long BytesAt(int position) => cuts.FirstOrDefault(cut => cut.Position == position).Bytes;
}
