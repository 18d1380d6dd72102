namespace ClusterTrail.Verification.Objects;

/// <summary>An envelope is one DER value, whose first bytes say its length (X.690, section 8.1.3).</summary>
sealed class EnvelopeEnd : ContentEnd
{
    const byte Sequence = 0x30;
    const int LongForm = 0x80;
    const int MostHeaderBytes = 2 + sizeof(long);

    readonly byte[] header = new byte[MostHeaderBytes];
    int filled;

    public override void Add(ReadOnlySpan<byte> bytes)
    {
        var more = bytes[..Math.Min(bytes.Length, header.Length - filled)];
        more.CopyTo(header.AsSpan(filled));
        filled += more.Length;
    }

    public override long Trailing(long total) => Length is { } length && length < total ? total - length : 0;

    long? Length
    {
        get
        {
            if (filled < 2 || header[0] != Sequence)
                return null;
            if (header[1] < LongForm)
                return 2 + header[1];
            var octets = header[1] - LongForm;
            if (octets is 0 or >= sizeof(long) || filled < 2 + octets)
                return null;
            var length = 0L;
            foreach (var octet in header.AsSpan(2, octets))
                length = (length << 8) | octet;
            return 2 + octets + length;
        }
    }
}
