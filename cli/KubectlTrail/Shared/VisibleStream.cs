using System.Text;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>JSON on its way to a terminal: what that might obey or hide becomes an escape of JSON, which means the same.</summary>
/// <remarks>Such characters stand in strings only. A raw carriage return, which may stand between values alone, becomes a space.</remarks>
sealed class VisibleStream(Stream inner) : Stream
{
    readonly Decoder decoder = Encoding.UTF8.GetDecoder();
    char[] characters = new char[1024];

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var most = decoder.GetCharCount(buffer, flush: false);
        if (characters.Length < most)
            characters = new char[most];
        var count = decoder.GetChars(buffer, characters, flush: false);
        inner.Write(Encoding.UTF8.GetBytes(Visible(characters.AsSpan(0, count))));
    }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    static string Visible(ReadOnlySpan<char> text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || Printable.IsHarmless(rune))
                visible.Append(rune);
            else if (rune.Value == '\r')
                visible.Append(' ');
            else
                visible.Append(Printable.Escape(rune.ToString()));
        }

        return visible.ToString();
    }
}
