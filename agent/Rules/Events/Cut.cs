namespace ClusterTrail.Rules.Events;

/// <summary>A value of a truncated event that is not there whole.</summary>
/// <param name="Pointer">Where it stands (RFC 6901); ends in an ellipsis when it is too long to be named.</param>
/// <param name="Bytes">How long it was in the line, as it was written, a string without its quotes.</param>
/// <param name="Position">Where it starts in what is left of the event.</param>
readonly record struct Cut(string Pointer, long Bytes, int Position);
