namespace ClusterTrail.History.Reading;

/// <summary>A line without its line feed.</summary>
/// <param name="Text">Valid until the next line is asked for; empty if it is too long.</param>
/// <param name="IsTooLong">Whether it is longer than a record can be, and was skipped.</param>
readonly record struct Line(ReadOnlyMemory<byte> Text, bool IsTooLong = false);
