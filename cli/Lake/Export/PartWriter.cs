using System.IO.Pipes;
using System.Text;
using ClusterTrail.Lake.Query;
using ZstdSharp;

namespace ClusterTrail.Lake.Export;

/// <summary>Makes the content of a file of an export.</summary>
static class PartWriter
{
    const int ZstdLevel = 3;

    internal static async Task<MemoryStream> WriteAsync(
        EventSession session, ExportSettings settings, string select, CancellationToken cancellationToken) =>
        settings.Format == ExportFormat.Parquet
            ? await ParquetAsync(session, settings, select, cancellationToken)
            : Lines(session, select, cancellationToken);

    // DuckDB writes to paths, so it gets that of a pipe: nothing of a bucket's export is in a file here.
    static async Task<MemoryStream> ParquetAsync(
        EventSession session, ExportSettings settings, string select, CancellationToken cancellationToken)
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        var about = $"{{schema_version: '{settings.SchemaVersion}', schema: '{settings.Schema.ToString().ToLowerInvariant()}'}}";
        var writing = Task.Run(
            () =>
            {
                try
                {
                    session.CopyToParquet(select, $"/dev/fd/{pipe.GetClientHandleAsString()}", cancellationToken, about);
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
