using System.Buffers;
using System.IO.Pipelines;

namespace ClusterTrail.Kubernetes.Client;

/// <summary>The lines of a watch.</summary>
/// <param name="limit">Cancelled when the server should have ended the stream.</param>
sealed class WatchStream(Stream stream, CancellationToken limit)
{
    readonly PipeReader reader = PipeReader.Create(stream, new(bufferSize: 64 * 1024));

    /// <returns>The next line, or nothing when the server has ended the stream. An incomplete last line is ignored.</returns>
    public async ValueTask<byte[]?> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await ReadAsync(cancellationToken) is not { } read)
                return null;
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end).ToArray();
                reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }

            if (read.IsCompleted)
                return null;
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    async ValueTask<ReadResult?> ReadAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit);
        try
        {
            return await reader.ReadAsync(either.Token);
        }
        // Its goodbye was lost.
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
