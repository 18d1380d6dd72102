namespace ClusterTrail.Verification.Stores;

/// <summary>Reads objects that are signed: they have a limit.</summary>
static class SmallObject
{
    const int LeastBytes = 1 << 10;

    /// <summary>An object whole, or its first bytes, one more than the limit; null if there is no such object.</summary>
    /// <param name="expectedBytes">How many a listing says.</param>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public static async Task<byte[]?> ReadAsync(
        IArchiveStore store, string name, long expectedBytes, int mostBytes, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await store.OpenAsync(name, cancellationToken);
            return stream is null ? null : await ReadAsync(stream, expectedBytes, mostBytes, cancellationToken);
        }
        catch (Exception e) when (e is not StoreException && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreException(e.Message.TrimEnd('.'), e);
        }
    }

    // As large as expected from the beginning: a large one is not copied while it grows.
    static async Task<byte[]> ReadAsync(Stream stream, long expectedBytes, int mostBytes, CancellationToken cancellationToken)
    {
        var bytes = new byte[Math.Clamp(expectedBytes, LeastBytes, mostBytes) + 1];
        var length = 0;
        int read;
        while (length <= mostBytes && (read = await stream.ReadAsync(bytes.AsMemory(length), cancellationToken)) > 0)
        {
            length += read;
            if (length == bytes.Length && length <= mostBytes)
                Array.Resize(ref bytes, (int)Math.Min(length * 2L, mostBytes + 1L));
        }

        Array.Resize(ref bytes, length);
        return bytes;
    }
}
