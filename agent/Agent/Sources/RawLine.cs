namespace ClusterTrail.Agent.Sources;

/// <summary>A stretch of a file: a line without its newline, of an oversized one what is kept, or a run of NUL bytes. Valid until the next
/// read.</summary>
/// <param name="end">The first byte after it and its newline.</param>
/// <param name="nuls">How many NUL bytes it is; 0 for a line.</param>
readonly ref struct RawLine(ReadOnlySpan<byte> text, long offset, long end, Oversized? oversized, long nuls = 0)
{
    public ReadOnlySpan<byte> Text { get; } = text;

    public long Offset => offset;

    public long Length => end - offset;

    public Oversized? Oversized => oversized;

    public long Nuls => nuls;

    /// <summary>Whether nothing is in it: an empty line.</summary>
    public bool IsBlank => nuls == 0 && Text is [] or [(byte)'\r'] && oversized is null;
}
