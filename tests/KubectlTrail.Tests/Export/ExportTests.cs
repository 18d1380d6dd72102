using System.Text.Json.Nodes;
using ClusterTrail.Kubectl.Tests.Query;
using ClusterTrail.Lake.Events;
using ClusterTrail.Lake.Export;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests.Export;

public sealed class ExportTests : IDisposable
{
    const string Late = """
        {"eventVersion":"1.0","eventID":"late","eventTime":"2026-03-02T02:00:00Z","eventCategory":"Management","eventName":"get pods","userIdentity":{"userName":"ann"},"clusterName":"prod","nodeName":"cp-1","trail":"main"}
        """;

    const string Labelled = """
        {"eventVersion":"1.0","eventID":"late","eventTime":"2026-03-02T02:00:00Z","eventCategory":"Management","eventName":"get pods","userIdentity":{"userName":"ann"},"objectRef":{"resource":"pods","namespace":"shop","name":"cart-0"},"eventContext":{"tagContext":{"resourceTags":[{"resource":"namespaces","name":"shop","tags":{"env":"a","team":"web"}},{"resource":"deployments","namespace":"shop","name":"cart","tags":{"app.kubernetes.io/name":"cart"}}]}},"clusterName":"prod","nodeName":"cp-1","trail":"main"}
        """;

    readonly QuestionArchive archive = new();
    readonly TemporaryFolder folder = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        archive.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task AnExportAnswersEveryQuestionAsTheArchiveDoes()
    {
        await ExportAsync();

        foreach (var question in Question.All)
        {
            var outcome = await QueryAsync(question.Sql);

            Assert.Equal((0, "", question.Answer), (outcome.ExitCode, outcome.Error, outcome.Output));
        }
    }

    [Theory]
    [InlineData("parquet")]
    [InlineData("ndjson")]
    public async Task ATableByItsDdlAnswersEveryQuestionToo(string format)
    {
        await ExportAsync("--format", format);
        var ddl = await CommandLine.RunAsync("export", "--to", folder.Path, "--format", format, "--ddl", "duckdb");

        foreach (var question in Question.All)
        {
            // The view of the DDL, in a schema in which nothing else is called so.
            var sql = $"CREATE SCHEMA lake; USE lake; {ddl.Output}; {question.Sql}";
            var outcome = await CommandLine.RunAsync(
                "query", archive.Path, "--key", archive.KeyPath, "--until", "2020-01-01", sql, "-o", "json");

            Assert.Equal((0, question.Answer), (outcome.ExitCode, outcome.Output));
        }
    }

    [Fact]
    public async Task ASecondExportHasOnlyWhatIsNew()
    {
        var first = await ExportAsync();
        var files = Parts();
        archive.Add(new(2026, 3, 2, 2, 0, 0, TimeSpan.Zero), "cp-1", 99, Late);
        var second = await ExportAsync();
        var third = await ExportAsync();

        Assert.Equal($"Exported 5 objects in 2 files to {folder.Path}; 0 were exported before.\n", first.Error);
        Assert.Equal($"Exported 1 object in 1 file to {folder.Path}; 5 were exported before.\n", second.Error);
        Assert.Equal($"Exported 0 objects in 0 files to {folder.Path}; 6 were exported before.\n", third.Error);
        Assert.Equal(2, files.Count);
        Assert.Single(Parts().Except(files));
        Assert.Equal("{\"n\":30,\"ids\":30}\n", (await QueryAsync("SELECT count(*) AS n, count(DISTINCT id) AS ids FROM events")).Output);
    }

    [Fact]
    public async Task WhatAnInterruptedExportLeftIsMadeAgainAndNothingIsThereTwice()
    {
        await ExportAsync();
        File.Delete(folder.Join("_clustertrail/commits/00000001.json"));
        archive.Add(new(2026, 3, 2, 2, 0, 0, TimeSpan.Zero), "cp-1", 99, Late);
        await File.WriteAllTextAsync(folder.Join("cluster=prod/notes.txt"), "mine", Cancel);

        await ExportAsync();

        Assert.Equal(2, Parts().Count);
        Assert.True(File.Exists(folder.Join("cluster=prod/notes.txt")));
        Assert.Equal("{\"n\":30,\"ids\":30}\n", (await QueryAsync("SELECT count(*) AS n, count(DISTINCT id) AS ids FROM events")).Output);
    }

    [Fact]
    public async Task WhatCannotBeReadIsExportedLater()
    {
        var without = await CommandLine.RunAsync("export", archive.Path, "--to", folder.Path);
        var with = await ExportAsync();

        Assert.Equal(3, without.ExitCode);
        Assert.Contains("Exported 0 objects", without.Error, StringComparison.Ordinal);
        Assert.Equal(0, with.ExitCode);
        Assert.Contains("Exported 5 objects", with.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FilesAreSortedAndSayWhatTheyAre()
    {
        await ExportAsync();
        var file = Parts().Order(StringComparer.Ordinal).First();

        var meta = await QueryAsync(
            $"SELECT DISTINCT key::VARCHAR || '=' || value::VARCHAR AS says FROM parquet_kv_metadata('{file}') ORDER BY says");
        var codec = await QueryAsync($"SELECT DISTINCT compression FROM parquet_metadata('{file}')");
        var order = await QueryAsync(
            $"SELECT bool_and(time >= before) AS sorted FROM (SELECT time, lag(time) OVER () AS before FROM read_parquet('{file}'))");

        Assert.Equal("{\"says\":\"schema=clustertrail\"}\n{\"says\":\"schema_version=1\"}\n", meta.Output);
        Assert.Equal("{\"compression\":\"ZSTD\"}\n", codec.Output);
        Assert.Equal("{\"sorted\":true}\n", order.Output);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Theory]
    [InlineData("13", "--since", "2026-03-02")]
    [InlineData("16", "--until", "2026-03-02")]
    [InlineData("3", "--node", "worker-1")]
    [InlineData("0", "--cluster", "test")]
    [InlineData("0", "--since", "2027-01-01")]
    public async Task OfAnExportTooOnlyWhatIsAskedForIsRead(string count, params string[] options)
    {
        await ExportAsync();

        var outcome = await CommandLine.RunAsync(["query", folder.Path, "SELECT count(*) AS n FROM events", "-o", "json", .. options]);

        Assert.Equal((0, $"{{\"n\":{count}}}\n"), (outcome.ExitCode, outcome.Output));
    }

    [Fact]
    public async Task NamesThatNoAgentHasBecomeNoFolders()
    {
        archive.Add(
            new(2026, 3, 2, 2, 0, 0, TimeSpan.Zero), "cp-1", 99,
            Late.Replace("\"prod\"", "\"../../x' OR 1=1 --\"", StringComparison.Ordinal));

        var outcome = await ExportAsync();

        Assert.Equal(0, outcome.ExitCode);
        Assert.EndsWith(
            "\n1 record with names of a cluster or a Trail that no agent has: they are NULL in the export, except in the column record.\n",
            outcome.Error, StringComparison.Ordinal);
        Assert.Contains(Parts(), file => file.Contains("/cluster=__HIVE_DEFAULT_PARTITION__/trail=main/", StringComparison.Ordinal));
        Assert.Equal(
            "{\"cluster\":null,\"its\":\"../../x' OR 1=1 --\"}\n",
            (await QueryAsync("SELECT cluster, record->>'$.clusterName' AS its FROM events WHERE id = 'late'")).Output);
    }

    [Fact]
    public async Task OcsfHasAClassForRequestsProcessesAndFindings()
    {
        await ExportAsync("--schema", "ocsf", "--format", "ndjson");
        var rows = Parts().SelectMany(file => PlainBatch.LinesOf(File.ReadAllBytes(file))).Select(line => JsonNode.Parse(line)!).ToList();

        Assert.Equal(
            ["0 1", "1007 3", "2004 2", "6003 23"],
            rows.GroupBy(row => (int)row["class_uid"]!).OrderBy(same => same.Key).Select(same => $"{same.Key} {same.Count()}"));
        Assert.All(rows, row => Assert.Equal((int)row["class_uid"]! * 100 + (int)row["activity_id"]!, (int)row["type_uid"]!));
        var refused = rows.First(row => (string?)row["status_detail"] == "Forbidden");
        Assert.Equal(
            """{"user":{"name":"eve@example.com","groups":[{"name":"system:authenticated"}]}}""", refused["actor"]!.ToJsonString());
        Assert.Equal(
            """{"operation":"get","service":{"name":"core"},"response":{"code":403,"error":"Forbidden"}}""", refused["api"]!.ToJsonString());
        Assert.Equal("""{"ip":"198.51.100.7"}""", refused["src_endpoint"]!.ToJsonString());
        Assert.Equal((2, 2), ((int)refused["activity_id"]!, (int)refused["status_id"]!));
        var finding = rows.First(row => (int)row["class_uid"]! == 2004);
        Assert.Equal((4, "pod-exec"), ((int)finding["severity_id"]!, (string?)finding["finding_info"]!["title"]));
        Assert.Equal(
            """{"name":"sh","cmd_line":"sh","pid":4711,"file":{"path":"/bin/sh","name":"sh","type_id":1},"container":{"name":"app","uid":"0123"}}""",
            rows.First(row => (int)row["class_uid"]! == 1007)["process"]!.ToJsonString());
    }

    [Fact]
    public async Task LabelsStayInAnExport()
    {
        archive.Add(new(2026, 3, 2, 2, 0, 0, TimeSpan.Zero), "cp-1", 99, Labelled);

        await ExportAsync();
        var outcome = await QueryAsync(
            "SELECT id, namespace_labels->>'team' AS team, owner_labels FROM events WHERE namespace_labels IS NOT NULL");
        var unlabelled = await QueryAsync("SELECT count(*) > 0 AS some FROM events WHERE owner_labels IS NULL");

        Assert.Equal((0, """{"id":"late","team":"web","owner_labels":{"app.kubernetes.io/name":"cart"}}""" + "\n"),
            (outcome.ExitCode, outcome.Output));
        Assert.Equal("{\"some\":true}\n", unlabelled.Output);
    }

    [Fact]
    public async Task OcsfHasLabelsByTheResourceThatHasThem()
    {
        archive.Add(new(2026, 3, 2, 2, 0, 0, TimeSpan.Zero), "cp-1", 99, Labelled);

        await ExportAsync("--schema", "ocsf", "--format", "ndjson");
        var row = Parts().SelectMany(file => PlainBatch.LinesOf(File.ReadAllBytes(file))).Select(line => JsonNode.Parse(line)!)
            .Single(row => (string?)row["metadata"]!["uid"] == "late");

        Assert.Equal(
            """[{"type":"pods","namespace":"shop","name":"cart-0","labels":null},{"type":"namespaces","namespace":null,"name":"shop","labels":["env=a","team=web"]},{"type":"deployments","namespace":"shop","name":"cart","labels":["app.kubernetes.io/name=cart"]}]""",
            row["resources"]!.ToJsonString());
    }

    [Theory]
    [InlineData("athena", "STORED AS PARQUET\nLOCATION 's3://lake/it\\'s/'")]
    [InlineData("trino", "external_location = 's3://lake/it''s/'")]
    [InlineData("spark", "USING parquet\nPARTITIONED BY (`cluster`, `trail`, `date`)\nLOCATION 's3://lake/it\\'s'")]
    [InlineData("clickhouse", "FROM s3('s3://lake/it\\'s/cluster=*/trail=*/date=*/*.parquet', 'Parquet')")]
    [InlineData("duckdb", "FROM read_parquet('s3://lake/it''s/cluster=*/trail=*/date=*/*.parquet', hive_partitioning = true")]
    public async Task TheTableOfEachEngineHasEveryColumn(string engine, string part)
    {
        var outcome = await CommandLine.RunAsync("export", "--to", "s3://lake/it's/", "--ddl", engine);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains(part, outcome.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.All(TableColumn.Exported, column => Assert.Contains(column.Name, outcome.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("clustertrail", "parquet")]
    [InlineData("clustertrail", "ndjson")]
    [InlineData("ocsf", "parquet")]
    [InlineData("ocsf", "ndjson")]
    public async Task ARecordThatClientsMadeStrangeStopsNoExport(string schema, string format)
    {
        const string Process = """
            "eventCategory":"Workload","event":{"process":{"pid":1e99,"executable":"/\u0000","arguments":[null,{},"\ud800"]}}
            """;
        var deep = new string('[', 500) + new string(']', 500);
        archive.Add(
            new(2026, 3, 2, 2, 0, 0, TimeSpan.Zero), "cp-1", 99,
            Late.Replace("\"late\"", "\"a\",\"\\udfff\":\"\\ud800\\u0000\"", StringComparison.Ordinal),
            Late.Replace(
                "\"late\"", $"\"b\",\"event\":{{\"a\":1,\"a\":1e999,\"user\":{{\"groups\":{deep}}}}}", StringComparison.Ordinal),
            Late.Replace("\"eventCategory\":\"Management\"", Process, StringComparison.Ordinal));

        var outcome = await ExportAsync("--schema", schema, "--format", format);
        var names = await CommandLine.RunAsync(
            "query", archive.Path, "--key", archive.KeyPath, "-o", "json",
            "SELECT record->>'$.nodeName' AS node FROM events WHERE user = 'ann'");

        Assert.Equal((0, $"Exported 6 objects in 2 files to {folder.Path}; 0 were exported before.\n"), (outcome.ExitCode, outcome.Error));
        Assert.Equal((0, 3), (names.ExitCode, names.Lines.Length));
    }

    [Fact]
    public async Task WhileAnExportRunsThereIsNoOtherToItsFolder()
    {
        using var running = new FolderTarget(folder.Path);

        var outcome = await ExportAsync();

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("cannot be written, or another export writes there: ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongUsageIsASentence()
    {
        await ExportAsync();
        var other = await ExportAsync("--format", "ndjson");
        var ocsf = folder.Join("ocsf");
        await CommandLine.RunAsync("export", archive.Path, "--key", archive.KeyPath, "--to", ocsf, "--schema", "ocsf");
        var query = await CommandLine.RunAsync("query", ocsf, "SELECT 1");
        var nothing = await CommandLine.RunAsync("export", "--to", folder.Path);
        await File.WriteAllTextAsync(
            folder.Join("_clustertrail/commits/00000001.json"), """{"objects":[],"files":["../../etc/passwd"]}""", Cancel);
        var damaged = await QueryAsync("SELECT 1");

        Assert.Equal(
            (2, $"kubectl trail: {folder.Path} is an export with schema clustertrail, format parquet, and not with schema clustertrail, "
                + "format ndjson; export to another place, or with the same options.\n"),
            (other.ExitCode, other.Error));
        Assert.Equal(2, query.ExitCode);
        Assert.Contains("is an export with schema ocsf, format parquet; query takes archives, and", query.Error, StringComparison.Ordinal);
        Assert.Equal((2, "kubectl trail: Give the LOCATION of an archive; only --ddl needs none.\n"), (nothing.ExitCode, nothing.Error));
        Assert.Equal(2, damaged.ExitCode);
        const string Damage = "00000001.json is damaged: it names ../../etc/passwd, which is no file of an export.";
        Assert.Contains(Damage, damaged.Error, StringComparison.Ordinal);
    }

    IReadOnlyList<string> Parts() => [.. Directory.GetFiles(folder.Path, "part-*", SearchOption.AllDirectories)];

    Task<Outcome> ExportAsync(params string[] options) =>
        CommandLine.RunAsync(["export", archive.Path, "--key", archive.KeyPath, "--to", folder.Path, .. options]);

    Task<Outcome> QueryAsync(string sql) => CommandLine.RunAsync("query", folder.Path, sql, "-o", "json");
}
