using System.Text.Json;

namespace ClusterTrail.Agent.Sources.Admission;

/// <summary>The members of a JSON object, one after the other, each with the bytes of its value.</summary>
/// <remarks>It validates what it passes, without recursion.</remarks>
/// <param name="json">The object.</param>
ref struct JsonPieces(ReadOnlySpan<byte> json)
{
    // The API server takes objects that are nested to 10,000.
    const int MostDepth = 10_100;

    readonly ReadOnlySpan<byte> json = json;
    Utf8JsonReader reader = new(json, new() { MaxDepth = MostDepth });

    /// <summary>Without its quotes, and with escapes if it has any.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>All of the value; of a string without its quotes.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>What the value is; of objects and arrays how they begin.</summary>
    public JsonTokenType Type { get; private set; }

    /// <summary>Goes into the object; false when it is something else.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public bool Begin() => reader.Read() && reader.TokenType == JsonTokenType.StartObject;

    /// <exception cref="JsonException">It is not JSON.</exception>
    public bool MoveNext()
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
            return false;
        Name = reader.ValueSpan;
        reader.Read();
        Type = reader.TokenType;
        var start = (int)reader.TokenStartIndex;
        if (Type == JsonTokenType.String)
        {
            Value = reader.ValueSpan;
            return true;
        }

        reader.Skip();
        Value = json[start..(int)reader.BytesConsumed];
        return true;
    }

    /// <summary>Makes sure that nothing follows the object.</summary>
    /// <exception cref="JsonException">Something does.</exception>
    public void End() => reader.Read();
}
