using System.Text.Json;
using ClusterTrail.History.Reading;

namespace ClusterTrail.Kubectl.Printing;

/// <summary>A field that the table shows something of, or that contains one.</summary>
/// <param name="name">Its name in JSON.</param>
/// <param name="inner">Those that it contains, if it is an object.</param>
sealed class RecordField(string name, params IReadOnlyList<RecordField> inner)
{
    /// <summary>Its text; null if the record has none, or it is neither a string nor a number.</summary>
    internal string? Text { get; private set; }

    /// <summary>Reads a whole record, without keeping anything of the rest; false if it is not one JSON object.</summary>
    internal bool TryRead(ReadOnlySpan<byte> record)
    {
        Clear();
        var reader = new Utf8JsonReader(record, new JsonReaderOptions { MaxDepth = Records.MaxJsonDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            ReadInner(ref reader);
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    void ReadInner(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = Find(ref reader);
            reader.Read();
            if (field is null)
                reader.Skip();
            else
                field.ReadValue(ref reader);
        }
    }

    // Of a field that is given twice, the last counts.
    void ReadValue(ref Utf8JsonReader reader)
    {
        Clear();
        if (reader.TokenType == JsonTokenType.StartObject && inner.Count > 0)
            ReadInner(ref reader);
        else if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
            Text = CellText.Of(ref reader);
        else
            reader.Skip();
    }

    RecordField? Find(ref Utf8JsonReader reader)
    {
        foreach (var field in inner)
        {
            if (reader.ValueTextEquals(field.Name))
                return field;
        }

        return null;
    }

    string Name => name;

    void Clear()
    {
        Text = null;
        foreach (var field in inner)
            field.Clear();
    }
}
