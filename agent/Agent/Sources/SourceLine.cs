using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>One line of a source.</summary>
/// <param name="text">The line without its newline; of an oversized one, what is kept of it. Valid until the next read.</param>
/// <param name="start">Where the line starts.</param>
/// <param name="oversized">What is known of a line that was too long to be kept whole; else null.</param>
/// <param name="nuls">How many NUL bytes stand here in place of lines, written or as a hole; 0 for a line.</param>
/// <param name="container">Who wrote it, of a line of a container.</param>
readonly ref struct SourceLine(
    ReadOnlySpan<byte> text, Position start, Oversized? oversized, long nuls = 0, ContainerLine? container = null)
{
    public ReadOnlySpan<byte> Text { get; } = text;

    public Position Start => start;

    public Oversized? Oversized => oversized;

    public long Nuls => nuls;

    /// <summary>Who wrote it, of a line of a container; null of any other, and of what no container runtime writes.</summary>
    public ContainerLine? Container => container;
}
