using System.Buffers.Text;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Lake.Events;

/// <summary>The columns of a record, as pieces of it.</summary>
ref struct RecordColumns
{
    ReadOnlySpan<byte> line;
    JsonIndex index;
    Span<int> places;

    /// <summary>False when it is no JSON object.</summary>
    /// <param name="record">A line of a batch.</param>
    /// <param name="index">It is overwritten.</param>
    /// <param name="places">Room for <see cref="RecordMember.Places"/> tokens.</param>
    internal static bool TryRead(ReadOnlySpan<byte> record, JsonIndex index, Span<int> places, out RecordColumns columns)
    {
        columns = default;
        if (!index.TryIndex(record) || record[index.Position(0)] != (byte)'{')
            return false;
        places.Clear();
        RecordMember.Root.Find(record, index, 0, places);
        columns = new() { line = record, index = index, places = places };
        return true;
    }

    /// <summary>The text of a column as JSON writes it, between quotes; empty where there is none.</summary>
    internal readonly ReadOnlySpan<byte> Text(EventColumn column) => column switch
    {
        EventColumn.Verb => FirstWord(At((int)EventColumn.Verb)),
        EventColumn.Group => Either(column, RecordMember.OwnGroup),
        EventColumn.Resource => Either(column, RecordMember.OwnResource),
        EventColumn.Subresource => Either(column, RecordMember.OwnSubresource),
        EventColumn.Name => Either(column, RecordMember.OwnName),
        EventColumn.Namespace => Either(column, RecordMember.OwnNamespace) is { IsEmpty: false } its
            ? its : At(RecordMember.ContainerNamespace),
        EventColumn.Reason => Either(column, RecordMember.OwnReason) is { IsEmpty: false } its ? its : At(RecordMember.LossReason),
        _ => At((int)column),
    };

    /// <summary>A column in JSON; empty where there is none.</summary>
    internal readonly ReadOnlySpan<byte> Json(EventColumn column)
    {
        if (column == EventColumn.Record)
            return line;
        if (!TryList(EventColumn.NamespaceLabels, out var labelled))
            return default;
        foreach (var item in labelled)
        {
            var (isNamespace, tags) = (false, 0);
            foreach (var member in new JsonMembers(line, index, item))
            {
                isNamespace |= member.Name.SequenceEqual("resource"u8) && member.Text.SequenceEqual("namespaces"u8);
                tags = member.Name.SequenceEqual("tags"u8) ? member.Value : tags;
            }

            if (tags != 0 && line[index.Position(tags)] == (byte)'{' && isNamespace == (column == EventColumn.NamespaceLabels))
                return line[index.Position(tags)..(index.Position(index.Closing(tags)) + 1)];
        }

        return default;
    }

    /// <summary>How many events the record stands for; null of a count that does not say it.</summary>
    internal readonly long? Count => At((int)EventColumn.Category) switch
    {
        var category when category.SequenceEqual("Insight"u8) => 0,
        var category when category.SequenceEqual("Aggregate"u8) =>
            Utf8Parser.TryParse(At((int)EventColumn.Count), out long count, out var read) && read == At((int)EventColumn.Count).Length
                ? count
                : null,
        _ => 1,
    };

    /// <summary>The items of a column with several texts; null where there is none.</summary>
    internal readonly bool TryList(EventColumn column, out JsonItems items)
    {
        var token = places[(int)column];
        items = token == 0 ? default : new(line, index, token);
        return token != 0 && line[index.Position(token)] == (byte)'[';
    }

    /// <summary>The text of an item.</summary>
    internal readonly ReadOnlySpan<byte> Item(int token) => JsonText.At(line, index, token);

    readonly ReadOnlySpan<byte> Either(EventColumn column, int own) => At((int)column) is { IsEmpty: false } ofEvent ? ofEvent : At(own);

    readonly ReadOnlySpan<byte> At(int place) => places[place] == 0 ? default : JsonText.At(line, index, places[place]);

    // "create pods/exec"; of what ran in containers one word.
    static ReadOnlySpan<byte> FirstWord(ReadOnlySpan<byte> name) => name.IndexOf((byte)' ') is >= 0 and var end ? name[..end] : name;
}
