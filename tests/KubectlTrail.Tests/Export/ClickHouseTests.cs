using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Fixtures;
using ClusterTrail.Kubectl.Tests.Query;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests.Export;

/// <summary>An engine that outgrows one machine answers every question as an archive does.</summary>
public sealed class ClickHouseTests(ClickHouseFixture clickHouse)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Requires(Requires.ClickHouse)]
    public async Task TwoShardsAnswerEveryQuestion()
    {
        var server = await clickHouse.StartedAsync();
        using var archive = new QuestionArchive();
        using var folder = new TemporaryFolder();
        await CommandLine.RunAsync("export", archive.Path, "--key", archive.KeyPath, "--to", folder.Path, "--format", "ndjson");
        await LoadAsync(server, folder.Path);

        foreach (var question in Question.All.Where(question => question.IsForAll))
        {
            var answer = await server.RunAsync(0, $"{await SqlAsync(question)} FORMAT JSONEachRow", null, Cancel);

            Assert.Equal(Rows(question.Answer), Rows(answer));
        }
    }

    // The version of Debian has neither zstd nor times with fractions of seconds; it orders these texts as it would the times.
    static async Task LoadAsync(ClickHouseServer server, string export)
    {
        var ddl = (await CommandLine.RunAsync("export", "--to", export, "--format", "ndjson", "--ddl", "clickhouse")).Output;
        var create = ddl.Split(';')[0].Replace("DateTime64(6, 'UTC')", "String", StringComparison.Ordinal);
        for (var shard = 0; shard < server.Shards; shard++)
        {
            await server.RunAsync(shard, create.Replace("TABLE events", "TABLE shard", StringComparison.Ordinal), null, Cancel);
            await server.RunAsync(
                shard, "CREATE TABLE events AS shard ENGINE = Distributed(trail, default, shard, rand())", null, Cancel);
        }

        // Over both connections, so that each shard has rows of each file.
        foreach (var (at, file) in Directory.GetFiles(export, "*.ndjson.zst", SearchOption.AllDirectories).Index())
        {
            foreach (var (line, row) in PlainBatch.LinesOf(await File.ReadAllBytesAsync(file, Cancel)).Index())
            {
                await server.RunAsync(
                    (at + line) % server.Shards, "INSERT INTO shard FORMAT JSONEachRow", new StringContent(row), Cancel);
            }
        }

        for (var shard = 0; shard < server.Shards; shard++)
            Assert.NotEqual("0\n", await server.RunAsync(shard, "SELECT count(*) FROM shard", null, Cancel));
    }

    static async Task<string> SqlAsync(Question question)
    {
        var dialect = Repository.PathOf("tests", "data", "questions", "clickhouse", $"{question.Slug}.sql");
        return File.Exists(dialect) ? await File.ReadAllTextAsync(dialect, Cancel) : question.Sql;
    }

    // The same rows in the same order; times without the T, the Z and the zeros.
    static IEnumerable<string> Rows(string lines) => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => string.Join(", ", JsonNode.Parse(line)!.AsObject().Select(member => $"{member.Key}={Plain(member.Value)}")));

    static string Plain(JsonNode? value)
    {
        if (value?.GetValueKind() != JsonValueKind.String)
            return value?.ToJsonString() ?? "NULL";
        var text = value.GetValue<string>();
        return text.StartsWith("2026-", StringComparison.Ordinal)
            ? text.Replace('T', ' ').TrimEnd('Z')[.."2026-03-01 00:00:00".Length]
            : text;
    }
}
