using System.IO.Pipes;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Lake.Query;

namespace ClusterTrail.Kubectl.Query;

/// <summary>Writes the result of a query as Parquet.</summary>
static class ParquetOutput
{
    /// <summary>Into a file that only its owner can read, as the records may be from an encrypted archive.</summary>
    internal static void ToFile(EventSession session, string statement, string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            const UnixFileMode ownersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            File.Open(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = ownersOnly })
                .Dispose();
        }

        session.CopyToParquet(statement, path, cancellationToken);
    }

    /// <summary>To the output. DuckDB writes to paths, so it gets that of a pipe.</summary>
    internal static async Task ToOutputAsync(
        EventSession session, string statement, Terminal terminal, CancellationToken cancellationToken)
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        var writing = Task.Run(
            () =>
            {
                try
                {
                    session.CopyToParquet(statement, $"/dev/fd/{pipe.GetClientHandleAsString()}", cancellationToken);
                }
                finally
                {
                    pipe.DisposeLocalCopyOfClientHandle();
                }
            },
            cancellationToken);
        pipe.CopyTo(terminal.Output);
        await writing;
        terminal.Output.Flush();
    }
}
