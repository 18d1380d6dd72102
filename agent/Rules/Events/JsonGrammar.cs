using System.Runtime.CompilerServices;

namespace ClusterTrail.Rules.Events;

/// <summary>Whether tokens in this order are JSON (RFC 8259), and which closing token belongs to which opening one.</summary>
static class JsonGrammar
{
    /// <param name="positions">The tokens' positions, followed by at least four sentinels of zero.</param>
    /// <param name="closings">Takes, at each opening token, its closing token.</param>
    /// <param name="open">The stack of containers; its length is the depth allowed.</param>
    public static bool TryMatch(ReadOnlySpan<byte> json, ReadOnlySpan<int> positions, int[] closings, int[] open)
    {
        var count = positions.Length - 4;
        var depth = 0;
        var token = 0;
        while (token < count)
        {
            var first = json[positions[token]];
            if (first == (byte)'"')
            {
                token++;
            }
            else if ((first | 0x20) == '{')
            {
                if (depth == open.Length)
                {
                    return false;
                }

                open[depth++] = token++;
                if (json[positions[token]] != first + 2)
                {
                    if (first == (byte)'{' && !TrySkipKey(json, positions, ref token))
                    {
                        return false;
                    }

                    continue;
                }
            }
            else if (JsonScalar.IsValid(json, positions[token]))
            {
                token++;
            }
            else
            {
                return false;
            }

            // After a value: what ends here, up to the comma before the next value.
            while (true)
            {
                if (depth == 0)
                {
                    return token == count;
                }

                var container = open[depth - 1];
                var opening = json[positions[container]];
                var next = json[positions[token++]];
                if (next == (byte)',')
                {
                    if (opening == (byte)'{' && !TrySkipKey(json, positions, ref token))
                    {
                        return false;
                    }

                    break;
                }

                if (next != opening + 2)
                {
                    return false;
                }

                closings[container] = token - 1;
                depth--;
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TrySkipKey(ReadOnlySpan<byte> json, ReadOnlySpan<int> positions, ref int token)
    {
        var isKey = json[positions[token]] == (byte)'"' && json[positions[token + 1]] == (byte)':';
        token += 2;
        return isKey;
    }
}
