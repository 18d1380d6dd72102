using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>Lines for a journal: each is an audit event, or a text that should be one and is not.</summary>
sealed class FeedLines : IBufferWriter<byte>, IDisposable
{
    /// <summary>As many bytes as they may have: less than the smallest journal.</summary>
    public const int MostBytes = 48 << 20;

    const int FirstBytes = 64 << 10;

    byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    int length;

    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, length);

    public FeedCounts Counts { get; private set; }

    public void Advance(int count) => length += count;

    /// <exception cref="FeedFullException">There are too many.</exception>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return buffer.AsMemory(length);
    }

    /// <exception cref="FeedFullException">There are too many.</exception>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Clear() => (length, Counts) = (0, default);

    /// <summary>What can be gone back to.</summary>
    public (int Length, FeedCounts Counts) Mark() => (length, Counts);

    public void GoBack((int Length, FeedCounts Counts) mark) => (length, Counts) = mark;

    /// <summary>Adds an event byte for byte, but for white space between its tokens that would end the line.</summary>
    /// <param name="json">It begins with '{'.</param>
    public void AddEvent(ReadOnlySpan<byte> json)
    {
        var start = length;
        this.Write(json);
        EndEvent(start);
    }

    /// <summary>Ends an event that was written from this byte on.</summary>
    public void EndEvent(int start, bool isCut = false)
    {
        EndLine(start);
        Counts += new FeedCounts(1, isCut ? 1 : 0, 0, 0);
    }

    public void NoteEvents(int count) => Counts += new FeedCounts(count, 0, 0, 0);

    public void NoteOther() => Counts += new FeedCounts(0, 0, 1, 0);

    /// <summary>Adds what should be an event and is not. It is archived as it is, in a record of its own.</summary>
    public void AddUnreadable(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t\r\n\0"u8);
        if (text.IsEmpty)
            return;
        var start = length;
        if (text[0] == (byte)'{')
            this.Write(text);
        else
            Wrap(text);
        EndLine(start);
        Counts += new FeedCounts(0, 0, 0, 1);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    // A journal's line begins with '{'.
    void Wrap(ReadOnlySpan<byte> text)
    {
        using var writer = new Utf8JsonWriter(this, new() { SkipValidation = true });
        writer.WriteStartObject();
        if (Utf8.IsValid(text))
            writer.WriteString("clustertrail.io/unreadable"u8, text);
        else
            writer.WriteBase64String("clustertrail.io/unreadableBase64"u8, text);
        writer.WriteEndObject();
    }

    void EndLine(int start)
    {
        var line = buffer.AsSpan(start..length);
        line.Replace((byte)'\n', (byte)' ');
        line.Replace((byte)'\r', (byte)' ');
        this.Write("\n"u8);
    }

    void Reserve(int more)
    {
        if (more > MostBytes - length)
            throw new FeedFullException();
        if (length + more > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, length + more));
            Written.Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
    }
}
