namespace ClusterTrail.Agent.Sources;

/// <summary>A line of a file, without its newline; of an oversized one, its head. Valid until the next read.</summary>
readonly ref struct RawLine(ReadOnlySpan<byte> text, long offset, Oversized? oversized)
{
    public ReadOnlySpan<byte> Text { get; } = text;

    public long Offset => offset;

    public Oversized? Oversized => oversized;
}
