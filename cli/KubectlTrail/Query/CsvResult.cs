using ClusterTrail.Kubectl.Printing;
using ClusterTrail.Lake.Query;

namespace ClusterTrail.Kubectl.Query;

/// <summary>Comma-separated values with a heading for each result.</summary>
sealed class CsvResult(Stream output) : IResultPrinter
{
    public long Print(QueryResult result)
    {
        var count = 0L;
        output.Write(CsvText.Line(result.Columns.Select(column => column.Name)));
        foreach (var row in result.Read())
        {
            output.Write(CsvText.Values(row));
            count++;
        }

        output.Flush();
        return count;
    }
}
