using System.Buffers;
using System.Security.Cryptography;
using ClusterTrail.Archive;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification.Objects;

/// <summary>Compares an object with what its digest says of it.</summary>
/// <remarks>
/// Guarantee: however large an object is, it takes one pooled buffer, and not more of it is read than its digest says and a byte.
/// </remarks>
static class ObjectHasher
{
    const int BufferBytes = 256 << 10;

    public static async Task<ObjectResult> CheckAsync(IArchiveStore store, DigestObject named, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await store.OpenAsync(named.Name, cancellationToken);
            return stream is null
                ? new(ObjectState.Missing, "It is not there.")
                : await CheckAsync(stream, named, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new(ObjectState.Unreadable, $"It cannot be read: {e.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>The SHA-256 of an object; null if it is not there.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public static async Task<string?> HashAsync(IArchiveStore store, string name, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await store.OpenAsync(name, cancellationToken);
            return stream is null ? null : Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
        }
        catch (Exception e) when (e is not StoreException && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreException($"{name} cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    static async Task<ObjectResult> CheckAsync(Stream stream, DigestObject named, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var end = ContentEnd.Of(named.Name);
            var total = 0L;
            int read;
            while ((read = await ReadAsync(stream, buffer, cancellationToken)) > 0)
            {
                var expected = (int)Math.Min(read, named.Bytes - total);
                hash.AppendData(buffer, 0, expected);
                end?.Add(buffer.AsSpan(0, expected));
                total += read;
                if (expected < read)
                    return Longer(hash, named);
            }

            return Whole(hash, named, total, end?.Trailing(total) ?? 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // A file without a buffer is read at once where the caller is: one hand over a read less.
    static async ValueTask<int> ReadAsync(Stream stream, byte[] buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return stream is FileStream { IsAsync: false } file ? file.Read(buffer) : await stream.ReadAsync(buffer, cancellationToken);
    }

    static ObjectResult Longer(IncrementalHash hash, DigestObject named) => Text(hash) == named.Sha256
        ? new(ObjectState.Trailing, $"It begins with the {named.Bytes} bytes that its digest says, and other bytes follow.")
        : new(ObjectState.Changed, $"It has more than the {named.Bytes} bytes that its digest says.");

    static ObjectResult Whole(IncrementalHash hash, DigestObject named, long total, long trailing)
    {
        if (total < named.Bytes)
            return new(ObjectState.Changed, $"It has {total} bytes, and its digest says {named.Bytes}.");
        if (Text(hash) is var sha256 && sha256 != named.Sha256)
            return new(
                ObjectState.Changed,
                $"Its SHA-256 begins with {sha256[..BatchName.HashDigits]}, "
                    + $"and its digest says {named.Sha256[..BatchName.HashDigits]}.");
        return trailing == 0
            ? new(ObjectState.Unchanged, "")
            : new(
                ObjectState.Trailing,
                $"It has the bytes that its digest says, but {trailing} of them stand behind the end of its content.");
    }

    static string Text(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
