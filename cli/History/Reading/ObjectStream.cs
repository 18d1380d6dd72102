using ClusterTrail.Archive;

namespace ClusterTrail.History.Reading;

/// <summary>An object as it is stored. Whatever fails while it is read is a sentence with its name.</summary>
/// <param name="stored">It is closed with this.</param>
/// <param name="name">The object, for people.</param>
/// <param name="storedBytes">How many there are; null if only the end shows it.</param>
/// <param name="failure">What to say of an exception.</param>
sealed class ObjectStream(Stream stored, string name, long? storedBytes, Func<Exception, TrailException> failure) : ForwardStream
{
    long given;

    /// <summary>How many bytes there are, if that is known.</summary>
    internal long? StoredBytes => storedBytes;

    public override int Read(Span<byte> buffer)
    {
        var read = ReadStored(buffer);
        given += read;
        return given <= Limits.PlainBytes
            ? read
            : throw new TrailException(
                ExitCode.Unreadable,
                $"{name} is too large: what follows its first {InputTooLargeException.Size(Limits.PlainBytes)} is not read");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stored.Dispose();
        base.Dispose(disposing);
    }

    int ReadStored(Span<byte> buffer)
    {
        try
        {
            return stored.Read(buffer);
        }
        catch (Exception e)
        {
            throw failure(e);
        }
    }
}
