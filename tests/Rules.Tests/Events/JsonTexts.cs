using System.Text;

namespace ClusterTrail.Rules.Tests.Events;

/// <summary>Texts that are JSON, nearly JSON, and not JSON at all; the same for the same seed.</summary>
sealed class JsonTexts(int seed)
{
    const string Structure = "{}[]:,\"\\ \t\n\r\0\u001f\u007f0123456789eE+-.tfnu/'";

    static readonly string[] Numbers =
        ["0", "-0", "1", "12", "-7", "1.5", "0.0", "1e5", "1E+5", "1e-05", "0e0", "123456789012345678901234567890.5E-300"];

    static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ":", ",", "\"a\"", "\"\"", "\"\\\"\"", "\"\\\\\"", "\"\\u00e9\"", "\"\\ud83d\\ude00\"", "\"\\ud800\"", "\"ä\"", "true", "false", "null",
        " ", "\t", "\n", "\r", "\"", "\\", "\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\t\"", "\u007f", "\0", "tru", "nul", "truefalse", "01", "-", "+1", "1.", ".5",
        "1e", "1e+", "0x1", "00", "-01", "1a", "NaN", "'a'", "/*x*/", "//", "{}", "[]", "{\"a\":1}", "[1,2]", .. Numbers,
    ];

    readonly Random chance = new(seed);

    /// <summary>A valid text with everything in it.</summary>
    public byte[] Valid()
    {
        var text = new StringBuilder();
        Value(text, depth: 0);
        return Encoding.UTF8.GetBytes(Space() + text + Space());
    }

    /// <summary>A few tokens and what looks like tokens in any order, after some white space.</summary>
    public byte[] Soup() => Encoding.UTF8.GetBytes(new string(' ', chance.Next(70)) + string.Concat(chance.GetItems(Pieces, chance.Next(1, 9))));

    /// <summary>The text with a few things done to it.</summary>
    public byte[] Mutated(ReadOnlySpan<byte> json, ReadOnlySpan<byte> other)
    {
        List<byte> bytes = [.. json];
        for (var more = chance.Next(1, 4); more > 0 && bytes.Count > 0; more--)
            Mutate(bytes, other);

        return [.. bytes];
    }

    void Mutate(List<byte> bytes, ReadOnlySpan<byte> other)
    {
        var at = chance.Next(bytes.Count);
        var length = Math.Min(chance.Next(1, 40), bytes.Count - at);
        switch (chance.Next(8))
        {
            case 0: bytes[at] ^= (byte)(1 << chance.Next(8)); break;
            case 1: bytes[at] = (byte)Structure[chance.Next(Structure.Length)]; break;
            case 2: bytes.Insert(at, (byte)Structure[chance.Next(Structure.Length)]); break;
            case 3: bytes.RemoveAt(at); break;
            case 4: bytes.RemoveRange(at, length); break;
            case 5: bytes.RemoveRange(at, bytes.Count - at); break;
            case 6: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
            default: bytes.InsertRange(chance.Next(2) == 0 ? bytes.Count : at, other[..chance.Next(other.Length)].ToArray()); break;
        }
    }

    void Value(StringBuilder text, int depth)
    {
        switch (chance.Next(depth > 6 ? 4 : 8))
        {
            case 0: text.Append(Numbers[chance.Next(Numbers.Length)]); break;
            case 1: text.Append(chance.GetItems(["true", "false", "null"], 1)[0]); break;
            case 2 or 3: String(text); break;
            case 4 or 5: Many(text, '[', ']', () => Value(text, depth + 1)); break;
            default:
                Many(text, '{', '}', () =>
                {
                    String(text);
                    text.Append(Space()).Append(':').Append(Space());
                    Value(text, depth + 1);
                });
                break;
        }
    }

    void Many(StringBuilder text, char open, char close, Action one)
    {
        text.Append(open).Append(Space());
        for (var left = chance.Next(5); left > 0; left--)
        {
            one();
            text.Append(Space()).Append(left > 1 ? "," : "").Append(Space());
        }

        text.Append(close);
    }

    void String(StringBuilder text)
    {
        text.Append('"');
        for (var left = chance.Next(2) * chance.Next(30); left > 0; left--)
            text.Append(Character());

        text.Append('"');
    }

    string Character() => chance.Next(10) switch
    {
        0 => chance.GetItems(["\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t"], 1)[0],
        1 => $"\\u{chance.Next(0xd800):x4}",
        2 => $"\\u{chance.Next(0xd800, 0xdc00):X4}\\u{chance.Next(0xdc00, 0xe000):x4}",
        3 => chance.GetItems(["ä", "€", "😀", "\u007f", "\u2028"], 1)[0],
        4 => chance.GetItems(["{", "}", "[", "]", ":", ",", "'", "/"], 1)[0],
        _ => $"{(char)('a' + chance.Next(26))}",
    };

    string Space() => chance.Next(4) == 0 ? string.Concat(chance.GetItems([" ", "\t", "\n", "\r", "   "], chance.Next(4))) : "";
}
