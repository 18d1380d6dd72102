using System.Text.Json;
using ClusterTrail.History.Reading;

namespace ClusterTrail.Kubectl.Printing;

/// <summary>One record a line, byte for byte as it is stored.</summary>
/// <param name="output">A buffered stream: each record is written by itself. On its way to a terminal it may be spelled otherwise.</param>
sealed class JsonPrinter(Stream output) : IRecordPrinter
{
    public bool TryPrint(ReadOnlyMemory<byte> record)
    {
        if (!IsObject(record.Span))
            return false;
        output.Write(record.Span);
        output.WriteByte((byte)'\n');
        return true;
    }

    public void Flush() => output.Flush();

    static bool IsObject(ReadOnlySpan<byte> record)
    {
        var reader = new Utf8JsonReader(record, new JsonReaderOptions { MaxDepth = Records.MaxJsonDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
