namespace ClusterTrail.History.Search;

/// <summary>Whether a count is of more objects than it lists.</summary>
/// <remarks>Any object may be among them, and nobody shall hide behind eight others.</remarks>
sealed class MoreNamesTest : RecordTest
{
    internal MoreNamesTest() => Needed = ["moreNames"u8.ToArray()];

    internal override bool Holds(in RecordView record) => record.TextAt(record.Aggregate, "moreNames"u8).SequenceEqual("true"u8);
}
