using System.Globalization;
using System.Runtime.InteropServices;

namespace ClusterTrail.Agent.Sources.Feeds.Hubs;

/// <summary>Reads a message into the journal.</summary>
/// <param name="name">The hub's.</param>
sealed class MessageReader(string name, FeedUnwrapping unwrap, FeedGroups groups)
{
    /// <summary>Ends when all of it is on disk for good.</summary>
    public async Task ReadAsync(string partition, HubMessage message, CancellationToken cancellationToken)
    {
        // The time, as a hub of the same name that is made later counts anew.
        var number = string.Create(CultureInfo.InvariantCulture, $"{message.Sequence}@{message.At.UtcTicks}");
        await using var text = Open(message.Body);
        await FeedReader.ReadAsync(
            text, unwrap,
            (part, lines) => groups.StoreAsync(FeedGroups.KeyOf(part, name, partition, number), lines, cancellationToken),
            cancellationToken);
    }

    static MemoryStream Open(ReadOnlyMemory<byte> body) =>
        MemoryMarshal.TryGetArray(body, out var array) && array.Array is { } bytes
            ? new(bytes, array.Offset, array.Count, writable: false) : new(body.ToArray(), writable: false);
}
