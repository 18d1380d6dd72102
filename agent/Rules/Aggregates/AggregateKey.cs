namespace ClusterTrail.Rules.Aggregates;

/// <summary>What an event is counted by, and what a row keeps of it. Valid until the next one.</summary>
/// <param name="bytes">Equal for the events of one row, see <see cref="AggregateKeyWriter"/>.</param>
/// <param name="name">The object's, as the event writes it.</param>
/// <param name="time">When the event happened.</param>
readonly ref struct AggregateKey(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> name, DateTimeOffset time)
{
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public ReadOnlySpan<byte> Name { get; } = name;

    public DateTimeOffset Time => time;
}
