using System.Text.Encodings.Web;
using System.Text.Json;
using ClusterTrail.Kubectl.Printing;
using ClusterTrail.Lake.Query;

namespace ClusterTrail.Kubectl.Query;

/// <summary>A JSON object a line for each row; what is JSON in the database is JSON here.</summary>
sealed class JsonResult(Stream output) : IResultPrinter
{
    static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public long Print(QueryResult result)
    {
        var count = 0L;
        using var json = new Utf8JsonWriter(output, Readable);
        foreach (var row in result.Read())
        {
            json.WriteStartObject();
            foreach (var (at, column) in result.Columns.Index())
            {
                json.WritePropertyName(column.Name);
                // DuckDB has checked it, and records may nest deeper than the writer would.
                if (column.IsJson && row[at] is string text)
                    json.WriteRawValue(text, skipInputValidation: true);
                else
                    ValueText.Write(json, row[at]);
            }

            json.WriteEndObject();
            json.Flush();
            json.Reset();
            output.WriteByte((byte)'\n');
            count++;
        }

        output.Flush();
        return count;
    }
}
