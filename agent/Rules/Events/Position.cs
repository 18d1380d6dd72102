namespace ClusterTrail.Rules.Events;

/// <summary>A place in a source: which file, which byte of its plain text.</summary>
readonly record struct Position(FileId File, long Offset)
{
    public override string ToString() => $"{File}:{Offset}";
}
