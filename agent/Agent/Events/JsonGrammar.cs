namespace ClusterTrail.Agent.Events;

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
            if (first is (byte)'{' or (byte)'[')
            {
                if (depth == open.Length)
                {
                    return false;
                }

                open[depth++] = token++;
                if (json[positions[token]] != first + 2 || token >= count)
                {
                    if (first == (byte)'{' && !TrySkipKey(json, positions, ref token))
                    {
                        return false;
                    }

                    continue;
                }
            }
            else if (first == (byte)'"' || JsonScalar.IsValid(json, positions[token]))
            {
                token++;
            }
            else
            {
                return false;
            }

            if (!TryEndValue(json, positions, closings, open, ref depth, ref token))
            {
                return false;
            }

            if (depth == 0)
            {
                return token == count;
            }
        }

        return false;
    }

    /// <summary>After a value: closes what ends here, up to the comma before the next value.</summary>
    static bool TryEndValue(ReadOnlySpan<byte> json, ReadOnlySpan<int> positions, int[] closings, int[] open, ref int depth, ref int token)
    {
        while (depth > 0)
        {
            var container = open[depth - 1];
            var opening = json[positions[container]];
            var next = json[positions[token]];
            if (next == (byte)',')
            {
                token++;
                return opening != (byte)'{' || TrySkipKey(json, positions, ref token);
            }

            if (next != opening + 2)
            {
                return false;
            }

            closings[container] = token++;
            depth--;
        }

        return true;
    }

    static bool TrySkipKey(ReadOnlySpan<byte> json, ReadOnlySpan<int> positions, ref int token)
    {
        var isKey = json[positions[token]] == (byte)'"' && json[positions[token + 1]] == (byte)':';
        token += 2;
        return isKey;
    }
}
