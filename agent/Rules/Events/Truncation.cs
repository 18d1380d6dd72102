namespace ClusterTrail.Rules.Events;

/// <summary>What was cut out of an event, so that it can be judged and recorded all the same.</summary>
/// <param name="bytes">The length of the line.</param>
/// <param name="sha256">The hash of the whole line.</param>
/// <param name="cuts">What is not there whole.</param>
sealed class Truncation(TruncationReason reason, long bytes, byte[] sha256, IReadOnlyList<Cut> cuts)
{
    readonly HashSet<int> positions = [.. cuts.Select(cut => cut.Position)];

    public TruncationReason Reason => reason;

    public long Bytes => bytes;

    public byte[] Sha256 => sha256;

    public IReadOnlyList<Cut> Cuts => cuts;

    /// <summary>Whether somebody looked at a value that is not there whole, since this was last set to false.</summary>
    public bool IsMet { get; set; }

    /// <summary>How many conditions could not be decided so far, because of what was cut.</summary>
    public int Undecided { get; set; }

    /// <summary>Whether the value that starts here is not there whole.</summary>
    public bool IsCutAt(int position) => positions.Contains(position);
}
