using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace ClusterTrail.Kubernetes.Client;

/// <summary>A list of the API server, read as it comes: one object of it is in memory at a time, however long the list is.</summary>
/// <param name="each">Gets each object, which is gone when it returns.</param>
sealed class ListStream(Stream stream, Action<JsonElement> each)
{
    readonly PipeReader reader = PipeReader.Create(stream, new(bufferSize: 64 * 1024));
    JsonReaderState state;
    Part value;
    bool isInItems;
    bool isWhole;

    /// <summary>The list's own metadata; nothing before the list was read.</summary>
    public JsonElement? Metadata { get; private set; }

    public long Bytes { get; private set; }

    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="IOException">It ended before its end.</exception>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var wanted = 1;
        while (true)
        {
            var read = await reader.ReadAtLeastAsync(wanted, cancellationToken);
            var left = read.Buffer.Slice(Take(read.Buffer));
            Bytes += read.Buffer.Length - left.Length;
            if (read.IsCompleted)
                break;
            // An object that is not here as a whole is looked at again when twice as much is: not with each packet.
            wanted = (int)Math.Min(int.MaxValue, Math.Max(1, left.Length * 2));
            reader.AdvanceTo(left.Start, left.End);
        }

        if (!isWhole)
            throw new IOException("The API server's list ended before its end.");
    }

    /// <returns>Up to where all is read.</returns>
    SequencePosition Take(ReadOnlySequence<byte> buffer)
    {
        var json = new Utf8JsonReader(buffer, isFinalBlock: false, state);
        while (!isWhole && Step(ref json))
        {
        }

        state = json.CurrentState;
        return json.Position;
    }

    /// <returns>False if more bytes are needed. Then nothing was read.</returns>
    bool Step(ref Utf8JsonReader json)
    {
        var next = json;
        if (!next.Read())
            return false;
        if (isInItems && next.TokenType == JsonTokenType.EndArray)
            isInItems = false;
        else if (isInItems || value is Part.Metadata or Part.Other)
            return Value(ref json, next);
        else if (value == Part.Items)
            (isInItems, value) = (next.TokenType == JsonTokenType.StartArray, Part.None); // an empty list may come as null
        else if (next.TokenType == JsonTokenType.PropertyName)
            value = next.ValueTextEquals("items") ? Part.Items : next.ValueTextEquals("metadata") ? Part.Metadata : Part.Other;
        else if (next.CurrentDepth == 0)
            isWhole = next.TokenType == JsonTokenType.EndObject || next.TokenType != JsonTokenType.StartObject;
        json = next;
        return true;
    }

    bool Value(ref Utf8JsonReader json, Utf8JsonReader next)
    {
        var end = next;
        if (!end.TrySkip())
            return false;
        if (isInItems)
        {
            // In rented memory: thousands of megabytes may pass here.
            using var item = JsonDocument.ParseValue(ref next);
            each(item.RootElement);
        }
        else if (value == Part.Metadata)
            Metadata = JsonElement.ParseValue(ref next);
        value = Part.None;
        json = end;
        return true;
    }

    enum Part
    {
        None,
        Items,
        Metadata,
        Other,
    }
}
