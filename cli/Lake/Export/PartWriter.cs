using System.IO.Pipes;
using System.Text;
using ClusterTrail.Lake.Query;
using ZstdSharp;

namespace ClusterTrail.Lake.Export;

/// <summary>Makes the content of a file of an export.</summary>
static class PartWriter
{
    const int ZstdLevel = 3;

    // Who wants one record decompresses all of its group: what DuckDB itself would take, 122,880 rows, are 100 MB and more of records.
    // Each group costs time too, for who asks all of them about a few columns.
    const long RecordBytesOfGroup = 32 << 20;

    // DuckDB's vectors have as many rows.
    const long RowsOfVector = 2048;
    const long MostRowsOfGroup = 60 * RowsOfVector;

    /// <param name="where">Which rows: a condition on <c>events</c>.</param>
    internal static async Task<MemoryStream> WriteAsync(
        EventSession session, ExportSettings settings, string where, CancellationToken cancellationToken)
    {
        var select = ExportSelect.Of(settings, where);
        return settings.Format == ExportFormat.Parquet
            ? await ParquetAsync(session, settings, select, RowsOfGroup(session, where, cancellationToken), cancellationToken)
            : Lines(session, select, cancellationToken);
    }

    static long RowsOfGroup(EventSession session, string where, CancellationToken cancellationToken)
    {
        var bytes = session.Get($"SELECT ceil(avg(strlen(record::VARCHAR)))::BIGINT FROM events WHERE {where}", cancellationToken)[0][0];
        var vectors = RecordBytesOfGroup / (Math.Max(1, bytes as long? ?? 1) * RowsOfVector);
        return Math.Clamp(vectors * RowsOfVector, RowsOfVector, MostRowsOfGroup);
    }

    // DuckDB writes to paths, so it gets that of a pipe: nothing of a bucket's export is in a file here.
    static async Task<MemoryStream> ParquetAsync(
        EventSession session, ExportSettings settings, string select, long rowsOfGroup, CancellationToken cancellationToken)
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        var about = $"{{schema_version: '{settings.SchemaVersion}', schema: '{settings.Schema.ToString().ToLowerInvariant()}'}}";
        var writing = Task.Run(
            () =>
            {
                try
                {
                    session.CopyToParquet(select, $"/dev/fd/{pipe.GetClientHandleAsString()}", cancellationToken, about, rowsOfGroup);
                }
                finally
                {
                    pipe.DisposeLocalCopyOfClientHandle();
                }
            },
            CancellationToken.None);
        var content = new MemoryStream();
        await pipe.CopyToAsync(content, CancellationToken.None);
        await writing;
        return content;
    }

    static MemoryStream Lines(EventSession session, string select, CancellationToken cancellationToken)
    {
        var content = new MemoryStream();
        using (var zstd = new CompressionStream(content, ZstdLevel, leaveOpen: true))
        {
            using var lines = session.Run(select, null, cancellationToken);
            foreach (var line in lines.Read())
                zstd.Write(Encoding.UTF8.GetBytes($"{line[0]}\n"));
        }

        return content;
    }
}
