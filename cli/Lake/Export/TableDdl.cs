using ClusterTrail.History.Reading;
using ClusterTrail.Lake.Events;

namespace ClusterTrail.Lake.Export;

/// <summary>The statements that make an export a table <c>events</c> of another engine.</summary>
static class TableDdl
{
    const string Indent = ",\n    ";

    /// <param name="engine">Whose SQL.</param>
    /// <param name="settings">Of the export.</param>
    /// <param name="location">Where it is, as the engine finds it.</param>
    /// <exception cref="TrailException">The engine cannot read this.</exception>
    internal static string Of(DdlEngine engine, ExportSettings settings, string location)
    {
        if (settings.Schema == ExportSchema.Ocsf)
        {
            throw new TrailException(
                ExitCode.BadUsage,
                "--ddl is for --schema clustertrail; of Parquet with --schema ocsf, engines find the columns themselves (docs/lake.md).");
        }

        var isParquet = settings.Format == ExportFormat.Parquet;
        return engine switch
        {
            DdlEngine.Athena => Athena(location, isParquet),
            DdlEngine.Trino => Trino(location, isParquet),
            DdlEngine.Spark => Spark(location, isParquet),
            DdlEngine.Clickhouse => Clickhouse(location, isParquet),
            _ => Duckdb(location, isParquet),
        };
    }

    static string Athena(string location, bool isParquet) => $"""
        CREATE EXTERNAL TABLE events (
            {Columns('`', "string", "timestamp", "int", "array<string>", withFolders: false)}
        )
        PARTITIONED BY (`cluster` string, `trail` string, `date` string)
        {(isParquet ? "STORED AS PARQUET" : "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'")}
        LOCATION {EscapedText($"{location}/")};

        MSCK REPAIR TABLE events;
        """;

    static string Trino(string location, bool isParquet) => $"""
        CREATE TABLE events (
            {Columns('"', "varchar", "timestamp(6)", "integer", "array(varchar)", withFolders: false)},
            "cluster" varchar,
            "trail" varchar,
            "date" varchar
        )
        WITH (
            external_location = {Text($"{location}/")},
            format = '{(isParquet ? "PARQUET" : "JSON")}',
            partitioned_by = ARRAY['cluster', 'trail', 'date']
        );

        CALL system.sync_partition_metadata(CURRENT_SCHEMA, 'events', 'FULL');
        """;

    static string Spark(string location, bool isParquet) => $"""
        CREATE TABLE events (
            {Columns('`', "STRING", "TIMESTAMP", "INT", "ARRAY<STRING>", withFolders: false)},
            `cluster` STRING,
            `trail` STRING,
            `date` STRING
        )
        USING {(isParquet ? "parquet" : "json")}
        PARTITIONED BY (`cluster`, `trail`, `date`)
        LOCATION {EscapedText(location)};

        MSCK REPAIR TABLE events;
        """;

    // Arrays cannot be NULL there: one that a record does not have is empty.
    static string Clickhouse(string location, bool isParquet) => $"""
        CREATE TABLE events (
            {Columns('"', "Nullable(String)", "DateTime64(6, 'UTC')", "Nullable(Int32)", "Array(String)", withFolders: true)}
        )
        ENGINE = MergeTree ORDER BY time;

        INSERT INTO events {(isParquet
            ? $"SELECT {ClickhouseColumns} FROM {Source(location, "parquet", "Parquet")}"
            : $"SELECT * FROM {Source(location, "ndjson.zst", "JSONEachRow")}")};
        """;

    static string Duckdb(string location, bool isParquet) => isParquet
        ? $"""
        CREATE VIEW events AS
        SELECT {string.Join(", ", TableColumn.Exported.Select(column => $"\"{column.Name}\""))}
        FROM read_parquet({Text($"{location}/cluster=*/trail=*/date=*/*.parquet")}, hive_partitioning = true,
            hive_types = {"{'cluster': VARCHAR, 'trail': VARCHAR, 'date': VARCHAR}"});
        """
        : $"""
        CREATE VIEW events AS
        SELECT {string.Join(", ", TableColumn.Exported.Select(OfLine))}
        FROM read_json({Text($"{location}/cluster=*/trail=*/date=*/*.ndjson.zst")}, format = 'newline_delimited', hive_partitioning = false,
            maximum_object_size = 167772160,
            columns = {"{"}{string.Join(", ", TableColumn.Exported.Select(column => $"'{column.Name}': '{TypeInLine(column)}'"))}{"}"});
        """;

    // Times are in UTC and do not say so, and the record is a text.
    static string OfLine(TableColumn column) => column.Column switch
    {
        EventColumn.Time => "time AT TIME ZONE 'UTC' AS time",
        EventColumn.Record => "record::JSON AS record",
        _ => $"\"{column.Name}\"",
    };

    static string TypeInLine(TableColumn column) => column.Column switch
    {
        EventColumn.Time => "TIMESTAMP",
        EventColumn.Record => "VARCHAR",
        _ => column.Type,
    };

    // The folders' names are virtual columns.
    static string ClickhouseColumns => string.Join(", ", TableColumn.Exported.Select(column => column switch
    {
        { Column: EventColumn.Cluster or EventColumn.Trail } =>
            $"decodeURLComponent(extract(_path, '{column.Name}=([^/]*)/')) AS {column.Name}",
        _ => $"\"{column.Name}\"",
    }));

    static string Source(string location, string ending, string format) => location.StartsWith("s3://", StringComparison.Ordinal)
        ? $"s3({EscapedText($"{location}/cluster=*/trail=*/date=*/*.{ending}")}, '{format}')"
        : $"file({EscapedText($"{location}/cluster=*/trail=*/date=*/*.{ending}")}, '{format}')";

    static string Columns(char quote, string text, string time, string number, string texts, bool withFolders) => string.Join(
        Indent,
        TableColumn.Exported
            .Where(column => withFolders || !ExportSelect.Folders.Contains(column.Column))
            .Select(column => $"{quote}{column.Name}{quote} {Type(column, text, time, number, texts)}"));

    static string Type(TableColumn column, string text, string time, string number, string texts) => column switch
    {
        { Column: EventColumn.Time } => time,
        { Column: EventColumn.Status } => number,
        { IsList: true } => texts,
        _ => text,
    };

    // To Hive, Spark and ClickHouse a backslash escapes; Spark makes one text of two that stand side by side.
    static string EscapedText(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
