namespace ClusterTrail.Rules.Commands;

/// <summary>The parameters of a URI's query as the API server reads them (Go's net/url): what it cannot decode is left out.</summary>
/// <param name="uri">Without JSON's escapes.</param>
/// <param name="buffer">As large as the URI; a parameter is there until the next one.</param>
ref struct QueryParameters(ReadOnlySpan<byte> uri, Span<byte> buffer)
{
    readonly Span<byte> buffer = buffer;
    ReadOnlySpan<byte> rest = uri.IndexOf((byte)'?') is >= 0 and var at ? uri[(at + 1)..] : default;
    int name;
    int value;

    public readonly QueryParameters Current => this;

    public readonly ReadOnlySpan<byte> Name => buffer[..name];

    public readonly ReadOnlySpan<byte> Value => buffer[name..(name + value)];

    public readonly QueryParameters GetEnumerator() => this;

    public bool MoveNext()
    {
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'&') is >= 0 and var and ? and : rest.Length;
            var pair = rest[..end];
            rest = rest[Math.Min(end + 1, rest.Length)..];
            if (!pair.IsEmpty && !pair.Contains((byte)';') && TryDecode(pair))
            {
                return true;
            }
        }

        return false;
    }

    bool TryDecode(ReadOnlySpan<byte> pair)
    {
        var equals = pair.IndexOf((byte)'=') is >= 0 and var at ? at : pair.Length;
        name = Decode(pair[..equals], buffer);
        value = name < 0 ? -1 : Decode(pair[Math.Min(equals + 1, pair.Length)..], buffer[name..]);
        return value >= 0;
    }

    /// <summary>How many bytes the text means; negative when an escape is wrong.</summary>
    static int Decode(ReadOnlySpan<byte> written, Span<byte> into)
    {
        var length = 0;
        for (var at = 0; at < written.Length; at++)
        {
            var next = written[at];
            if (next == (byte)'%')
            {
                if (at + 2 >= written.Length
                    || !char.IsAsciiHexDigit((char)written[at + 1]) || !char.IsAsciiHexDigit((char)written[at + 2]))
                {
                    return -1;
                }

                next = (byte)((Digit(written[at + 1]) << 4) | Digit(written[at + 2]));
                at += 2;
            }
            else if (next == (byte)'+')
            {
                next = (byte)' ';
            }

            into[length++] = next;
        }

        return length;
    }

    static int Digit(byte hex) => hex <= (byte)'9' ? hex - '0' : (hex | 0x20) - 'a' + 10;
}
