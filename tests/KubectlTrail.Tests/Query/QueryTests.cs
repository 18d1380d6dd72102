using System.Text.Json;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Tests.Query;

public sealed class QueryTests : IDisposable
{
    const string SecretRead = """
        {"eventVersion":"1.0","eventID":"s-1","eventTime":"2026-03-01T12:00:01.5Z","eventCategory":"Management","eventSource":"core","eventName":"get secrets","readOnly":true,"userIdentity":{"type":"User","userName":"ann"},"sourceIPAddress":"10.1.2.3","eventContext":{"tagContext":{"resourceTags":[{"resource":"namespaces","name":"shop","tags":{"team":"web"}}]}},"clusterName":"prod","nodeName":"cp-1","trail":"main","event":{"level":"Metadata","auditID":"a-1","stage":"ResponseComplete","verb":"get","user":{"username":"ann","groups":["dev","\u006fps"]},"objectRef":{"resource":"secrets","namespace":"shop","name":"db","apiVersion":"v1"},"responseStatus":{"code":200},"userAgent":"kubectl/1.36","annotations":{"authorization.k8s.io/decision":"allow"}}}
        """;

    const string Finding = """
        {"eventVersion":"1.0","eventID":"e-1-pod-exec","eventTime":"2026-03-01T12:00:02Z","eventCategory":"Insight","eventSource":"core","eventName":"create pods/exec","readOnly":false,"userIdentity":{"type":"User","userName":"bob","actingAs":"root"},"clusterName":"prod","nodeName":"cp-1","trail":"main","objectRef":{"resource":"pods","namespace":"shop","name":"cart-0","subresource":"exec","apiGroup":""},"insightDetails":{"rule":"pod-exec","severity":"high","eventIDs":["e-1"]}}
        """;

    const string Refused = """
        {"eventVersion":"1.0","eventID":"r-1","eventTime":"2026-03-01T12:00:03Z","eventCategory":"Management","eventSource":"apps","eventName":"delete deployments","readOnly":false,"userIdentity":{"type":"User","userName":"=cmd|' /C calc'!A0"},"sourceIPAddress":"fd00::1","errorCode":"Forbidden","clusterName":"prod","nodeName":"cp-1","trail":"main","event":{"level":"Metadata","auditID":"a-3","stage":"ResponseComplete","verb":"delete","objectRef":{"resource":"deployments","apiGroup":"apps","namespace":"bank","name":"web"},"responseStatus":{"code":403}}}
        """;

    const string Process = """
        {"eventVersion":"1.0","eventID":"p-1","eventTime":"2026-03-01T12:00:04Z","eventCategory":"Workload","eventSource":"process","eventName":"exec","eventContext":{"tagContext":{"resourceTags":[{"resource":"namespaces","name":"shop","tags":{}},{"resource":"deployments","namespace":"shop","name":"cart","tags":{"app.kubernetes.io/name":"cart"}}]}},"clusterName":"prod","nodeName":"worker-1","trail":"main","objectRef":{"resource":"pods","namespace":"shop","name":"cart-0"},"event":{"container":{"name":"app","pod":"cart-0"},"process":{"executable":"/bin/sh","arguments":["sh","-c","id"]}}}
        """;

    readonly ArchiveFolder archive = new();

    public QueryTests()
    {
        archive.Add(Some.Batch(), Some.Zstd(SecretRead, Finding, Refused));
        archive.Add(Some.Batch(node: "worker-1"), Some.Zstd(Process));
    }

    public void Dispose() => archive.Dispose();

    [Theory]
    [InlineData(SecretRead, """{"time":"2026-03-01T12:00:01.5Z","id":"s-1","category":"Management","user":"ann","groups":["dev","ops"],"impersonated":null,"impersonated_groups":null,"verb":"get","group":null,"resource":"secrets","subresource":null,"namespace":"shop","name":"db","source_ip":"10.1.2.3","user_agent":"kubectl/1.36","status":200,"reason":null,"decision":"allow","level":"Metadata","stage":"ResponseComplete","count":1,"cluster":"prod","node":"cp-1","trail":"main","rule":null,"severity":null,"pod":null,"container":null,"executable":null,"arguments":null,"audit_id":"a-1","namespace_labels":{"team":"web"},"owner_labels":null}""")]
    [InlineData(Finding, """{"time":"2026-03-01T12:00:02Z","id":"e-1-pod-exec","category":"Insight","user":"bob","groups":null,"impersonated":"root","impersonated_groups":null,"verb":"create","group":null,"resource":"pods","subresource":"exec","namespace":"shop","name":"cart-0","source_ip":null,"user_agent":null,"status":null,"reason":null,"decision":null,"level":null,"stage":null,"count":0,"cluster":"prod","node":"cp-1","trail":"main","rule":"pod-exec","severity":"high","pod":null,"container":null,"executable":null,"arguments":null,"audit_id":null,"namespace_labels":null,"owner_labels":null}""")]
    [InlineData(Process, """{"time":"2026-03-01T12:00:04Z","id":"p-1","category":"Workload","user":null,"groups":null,"impersonated":null,"impersonated_groups":null,"verb":"exec","group":null,"resource":"pods","subresource":null,"namespace":"shop","name":"cart-0","source_ip":null,"user_agent":null,"status":null,"reason":null,"decision":null,"level":null,"stage":null,"count":1,"cluster":"prod","node":"worker-1","trail":"main","rule":null,"severity":null,"pod":"cart-0","container":"app","executable":"/bin/sh","arguments":["sh","-c","id"],"audit_id":null,"namespace_labels":{},"owner_labels":{"app.kubernetes.io/name":"cart"}}""")]
    public async Task EachColumnHasItsPartOfTheRecord(string record, string expected)
    {
        var id = JsonDocument.Parse(record).RootElement.GetProperty("eventID").GetString();

        var outcome = await RunAsync($"SELECT * EXCLUDE (record) FROM events WHERE id = '{id}'", "-o", "json");
        var whole = await RunAsync($"SELECT record FROM events WHERE id = '{id}'", "-o", "json");

        Assert.Equal((0, "", expected + "\n"), (outcome.ExitCode, outcome.Error, outcome.Output));
        Assert.Equal($"{{\"record\":{record}}}\n", whole.Output);
    }

    [Theory]
    [InlineData("namespace_labels->>'team' = 'web'", "s-1")]
    [InlineData("owner_labels->>'app.kubernetes.io/name' = 'cart'", "p-1")]
    [InlineData("namespace_labels IS NULL", "e-1-pod-exec r-1")]
    public async Task LabelsAreFound(string condition, string expected)
    {
        var outcome = await RunAsync($"SELECT string_agg(id, ' ' ORDER BY id) AS ids FROM events WHERE {condition}", "-o", "json");

        Assert.Equal((0, $"{{\"ids\":\"{expected}\"}}\n"), (outcome.ExitCode, outcome.Output));
    }

    [Fact]
    public async Task ATableIsAligned()
    {
        var outcome = await RunAsync("SELECT time, user, status FROM events ORDER BY time");

        Assert.Equal(
            """
            time                    user                status
            2026-03-01T12:00:01.5Z  ann                 200
            2026-03-01T12:00:02Z    bob                 NULL
            2026-03-01T12:00:03Z    =cmd|' /C calc'!A0  403
            2026-03-01T12:00:04Z    NULL                NULL

            """.ReplaceLineEndings("\n"),
            outcome.Output);
    }

    [Fact]
    public async Task ASpreadsheetTakesNoValueForAFormula()
    {
        var outcome = await RunAsync("SELECT user, arguments, reason FROM events WHERE id IN ('r-1', 'p-1') ORDER BY id DESC", "-o", "csv");

        Assert.Equal(
            "user,arguments,reason\r\n'=cmd|' /C calc'!A0,,Forbidden\r\n,\"[\"\"sh\"\",\"\"-c\"\",\"\"id\"\"]\",\r\n", outcome.Output);
    }

    [Theory]
    [InlineData("-1", "-1")]
    [InlineData("-1.5::DOUBLE", "-1.5")]
    [InlineData("-170141183460469231731687303715884105727", "-170141183460469231731687303715884105727")]
    [InlineData("-0.25::DECIMAL(9, 2)", "-0.25")]
    [InlineData("'-inf'::DOUBLE", "'-Infinity")]
    [InlineData("'-1'", "'-1")]
    [InlineData("'\uff1dcmd'", "'\uff1dcmd")]
    [InlineData("'\uff0bcmd'", "'\uff0bcmd")]
    [InlineData("'\uff0dcmd'", "'\uff0dcmd")]
    [InlineData("'\uff20cmd'", "'\uff20cmd")]
    public async Task OnlyTextsBecomeHarmlessInCsvAndNumbersStayNumbers(string sql, string cell) =>
        Assert.Equal($"it\r\n{cell}\r\n", (await RunAsync($"SELECT {sql} AS it", "-o", "csv")).Output);

    [Fact]
    public async Task SqlMayBeginWithAComment() =>
        Assert.Equal("it\r\n1\r\n", (await RunAsync("-- only one\nSELECT 1 AS it", "-o", "csv")).Output);

    [Theory]
    [InlineData("s-1 e-1-pod-exec", "--until", "2026-03-01T12:00:03Z")]
    [InlineData("r-1 p-1", "--since", "2026-03-01T12:00:03Z")]
    [InlineData("p-1", "--node", "worker-1")]
    [InlineData("", "--cluster", "test")]
    public async Task OnlyWhatIsAskedForIsRead(string expected, params string[] options)
    {
        var outcome = await RunAsync(["SELECT id FROM events ORDER BY time", "-o", "json", .. options]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(
            expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => $"{{\"id\":\"{id}\"}}"), outcome.Lines);
    }

    [Fact]
    public async Task ParquetGoesIntoAFileOfItsOwnerOrToTheOutput()
    {
        var file = Path.Combine(archive.Path, "it's.parquet");

        var toFile = await RunAsync("SELECT id, record FROM events;", "-o", "parquet", "--to", file);
        var toOutput = await RunAsync("SELECT id, record FROM events -- all", "-o", "parquet");
        var read = await RunAsync(
            $"SELECT id, record->>'$.event.auditID' AS audit FROM read_parquet('{file.Replace("'", "''", StringComparison.Ordinal)}') "
            + "WHERE id = 's-1'",
            "-o", "json");

        Assert.Equal((0, ""), (toFile.ExitCode, toFile.Output));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal("PAR1", toOutput.Output[..4]);
        Assert.Equal("{\"id\":\"s-1\",\"audit\":\"a-1\"}\n", read.Output);
    }

    [Theory]
    [InlineData("Parser Error: syntax error at or near \"selec\" (LINE 1: selec)", "selec")]
    [InlineData("Binder Error: Referenced column \"usr\" not found in FROM clause! Candidate bindings: \"user\", ", "SELECT usr FROM events")]
    [InlineData("Conversion Error: Could not convert string 'ann' to INT32", "SELECT user::INTEGER FROM events WHERE id = 's-1'")]
    [InlineData("Catalog Error: Table with name nothing does not exist!", "SELECT 1; SELECT * FROM nothing")]
    [InlineData("Give SQL, or --shell", " ; -- nothing")]
    [InlineData("--shell reads statements from the standard input; leave out the SQL", "SELECT 1", "--shell")]
    [InlineData("--to is for -o parquet; redirect the output of others", "SELECT 1", "--to", "x")]
    [InlineData("-o parquet takes one query, without --shell", "SELECT 1; SELECT 2", "-o", "parquet")]
    [InlineData("-o parquet takes one query, without --shell", "SET threads = 1", "-o", "parquet")]
    [InlineData("--memory 4 is no amount of memory; give at least 64MiB, such as 512MiB or 4GiB", "SELECT 1", "--memory", "4")]
    [InlineData("--memory 1MiB is no amount of memory; give at least 64MiB, such as 512MiB or 4GiB", "SELECT 1", "--memory", "1MiB")]
    [InlineData("--until 2026-03-01T00:00:00.0000000+00:00 is not after --since 2026-03-02T00:00:00.0000000+00:00",
        "SELECT 1", "--since", "2026-03-02", "--until", "2026-03-01")]
    public async Task WrongUsageIsASentence(string expected, params string[] arguments)
    {
        var outcome = await RunAsync(arguments);

        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith($"kubectl trail: {expected}", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(1, outcome.Error.Count(character => character == '\n'));
    }

    [Fact]
    public async Task WhatCannotBeReadIsToldAndTheRestIsAnswered()
    {
        var pair = KeyPair.GenerateP256();
        archive.Add(Some.Batch(sequence: 2, encrypted: true), Some.Sealed(pair, Refused));

        var without = await RunAsync("SELECT count(*) AS n FROM events", "-o", "json");
        var with = await RunAsync("SELECT count(*) AS n FROM events", "-o", "json", "--key", archive.AddKey(pair));
        archive.Add(Some.Batch(sequence: 3), Some.Zstd("{\"eventID\":\"x\"}", "no JSON")[..^3]);
        var damaged = await RunAsync("SELECT count(*) AS n FROM events", "-o", "json", "--key", archive.AddKey(pair));

        Assert.Equal((3, "{\"n\":4}\n"), (without.ExitCode, without.Output));
        Assert.Contains("encrypted; give the private key with --key", without.Error, StringComparison.Ordinal);
        Assert.Equal((0, "{\"n\":5}\n", ""), (with.ExitCode, with.Output, with.Error));
        Assert.Equal(1, damaged.ExitCode);
        Assert.Contains("is damaged", damaged.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARecordIsAValueWhateverItSays()
    {
        const string Hostile = "'); DROP TABLE archive.events; SELECT ('\\\"\\u0000\\u202e\\u001b[2J";
        var record = Refused.Replace("r-1", "h-1", StringComparison.Ordinal).Replace("Forbidden", Hostile, StringComparison.Ordinal);
        archive.Add(Some.Batch(sequence: 2), Some.Zstd(record));

        var table = await RunAsync("SELECT reason FROM events WHERE id = 'h-1'");
        var json = await RunAsync("SELECT reason FROM events WHERE id = 'h-1'", "-o", "json");
        var count = await RunAsync("SELECT count(*) AS n FROM events", "-o", "json");

        Assert.Equal("reason\n'); DROP TABLE archive.events; SELECT ('\"\\u0000\\u202e\\u001b[2J\n", table.Output);
        Assert.Equal(
            "'); DROP TABLE archive.events; SELECT ('\"\0\u202e\u001b[2J",
            JsonDocument.Parse(json.Output).RootElement.GetProperty("reason").GetString());
        Assert.Equal("{\"n\":5}\n", count.Output);
    }

    [Fact]
    public async Task OfAMemberThatIsGivenTwiceColumnsHaveTheLastAndJsonFunctionsTheFirst()
    {
        const string Twice = """{"eventID":"t-1","eventTime":"2026-03-01T12:00:05Z","trail":"first","trail":"last"}""";
        archive.Add(Some.Batch(sequence: 2), Some.Zstd(Twice));

        var outcome = await RunAsync(
            "SELECT id, trail, record->>'$.trail' AS other FROM events WHERE trail <> (record->>'$.trail')", "-o", "json");

        Assert.Equal("{\"id\":\"t-1\",\"trail\":\"last\",\"other\":\"first\"}\n", outcome.Output);
    }

    [Fact]
    public async Task ATimeThatDoesNotFitIntoMemoryIsASentence()
    {
        var big = Refused.Replace("\"code\":403", $"\"message\":\"{new string('x', 20 << 20)}\",\"code\":403", StringComparison.Ordinal);
        for (var at = 2; at < 8; at++)
            archive.Add(Some.Batch(sequence: at), Some.Zstd(big));

        var outcome = await RunAsync("SELECT record FROM events", "--memory", "64MiB");

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        const string Beginning = "kubectl trail: The records of that time do not fit into 64 MiB of memory (";
        Assert.StartsWith(Beginning, outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith("or export the archive and query the export.\n", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AShellAnswersUntilItsInputEndsWhateverIsWrong()
    {
        var outcome = await ShellAsync(isTyped: true, input: """
            SELECT count(*) AS n
              FROM events -- all; of them
            ;
            selec;
            CREATE TEMP TABLE seen AS SELECT ';' AS mark; SELECT mark FROM seen;
            .schema
            .tables
            SELECT 1
            """);

        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith("n\n4\nmark\n;\ntime                 TIMESTAMPTZ  when it happened", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(
            """
            trail>   ...>   ...> trail> kubectl trail: Parser Error: syntax error at or near "selec" (LINE 1: selec).
            trail> trail> trail> kubectl trail: There is no command .tables; .help shows all.
            trail>   ...> kubectl trail: The last statement does not end in a semicolon, and was not run.

            """.ReplaceLineEndings("\n"),
            outcome.Error);
    }

    [Theory]
    [InlineData(0, "SELECT 1;\n")]
    [InlineData(2, "selec;\nSELECT 1;\n")]
    [InlineData(2, "SELECT user::INTEGER FROM events;\n.quit\n")]
    [InlineData(2, "SELECT 1;\n.tables\n")]
    [InlineData(2, "SELECT 1")]
    public async Task AScriptSeesThatAStatementFailed(int exitCode, string input) =>
        Assert.Equal(exitCode, (await ShellAsync(input)).ExitCode);

    [Fact]
    public async Task AShellCanBeLeft()
    {
        var outcome = await ShellAsync(".help\n.quit\nSELECT 1;\n");

        Assert.StartsWith("Statements end in a semicolon", outcome.Output, StringComparison.Ordinal);
        Assert.EndsWith("as the end of the input does\n", outcome.Output, StringComparison.Ordinal);
    }

    async Task<Outcome> ShellAsync(string input, bool isTyped = false)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var terminal = new Terminal(new OutputStream(output), error, null, ErrorIsTerminal: false, Colour: false)
        {
            Input = new StringReader(input),
            InputIsTerminal = isTyped,
        };

        var exitCode = await TrailCommand.RunAsync(["query", archive.Path, "--shell"], terminal, TestContext.Current.CancellationToken);

        return new(exitCode, output.ToArray(), error.ToString());
    }

    Task<Outcome> RunAsync(params string[] arguments) => CommandLine.RunAsync(["query", archive.Path, .. arguments]);
}
