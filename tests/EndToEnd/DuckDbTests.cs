using System.Text.Json;
using ClusterTrail.Contract;
using ClusterTrail.Testing;
using DuckDB.NET.Data;

namespace ClusterTrail.EndToEnd;

/// <summary>What docs/archive-format.md tells people to ask DuckDB.</summary>
public sealed class DuckDbTests
{
    const int Events = 300;

    [Theory]
    [InlineData(CompressionType.Zstd)]
    [InlineData(CompressionType.Gzip)]
    public async Task ReadJsonReadsAnUnencryptedArchive(CompressionType codec)
    {
        using var folder = new AgentFolder();
        var lines = AuditLog.Lines().Take(Events).ToList();
        await SealedLines.AsBatchAsync(folder, lines, new(), codec);
        var sql = DocumentedLine.Of("docs/archive-format.md", "duckdb").Replace("ARCHIVE", folder.ArchivePath, StringComparison.Ordinal);

        var counts = Ask(sql);

        var expected = lines.GroupBy(line => JsonDocument.Parse(line).RootElement.GetProperty("user").GetProperty("username").GetString()!);
        Assert.Equal(
            expected.Select(same => ("node-1", same.Key, (long)same.Count())).OrderByDescending(one => one.Item3)
                .ThenBy(one => one.Key, StringComparer.Ordinal),
            counts);
    }

    static List<(string Node, string User, long Events)> Ask(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<(string, string, long)>();
        while (reader.Read())
        {
            rows.Add((reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        }

        return rows;
    }
}
