namespace ClusterTrail.Verification.Stores;

/// <summary>Reads objects that are signed: they have a limit.</summary>
static class SmallObject
{
    const int FirstBytes = 16 << 10;

    /// <summary>An object whole, or its first bytes, one more than the limit; null if there is no such object.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public static async Task<byte[]?> ReadAsync(IArchiveStore store, string name, int mostBytes, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await store.OpenAsync(name, cancellationToken);
            return stream is null ? null : await ReadAsync(stream, mostBytes, cancellationToken);
        }
        catch (Exception e) when (e is not StoreException && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreException(e.Message.TrimEnd('.'), e);
        }
    }

    static async Task<byte[]> ReadAsync(Stream stream, int mostBytes, CancellationToken cancellationToken)
    {
        var bytes = new byte[FirstBytes];
        var length = 0;
        int read;
        while (length <= mostBytes && (read = await stream.ReadAsync(bytes.AsMemory(length), cancellationToken)) > 0)
        {
            length += read;
            if (length == bytes.Length)
                Array.Resize(ref bytes, (int)Math.Min(length * 2L, mostBytes + 1L));
        }

        return bytes[..length];
    }
}
