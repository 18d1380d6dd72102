using System.Buffers.Text;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Records;

/// <summary>Leaves the members out of a message that no rule keeps, and names them. Nothing is allocated for a line.</summary>
sealed class KeptMembers : IDisposable
{
    const int MostNamed = 100;
    const int LongestNumber = 20;

    readonly RecordBuffer message = new();
    readonly RecordBuffer omitted = new();

    /// <summary>A JSON object of the members that are kept, byte for byte; nothing of a text.</summary>
    public ReadOnlySpan<byte> Message => message.Written;

    /// <summary>The member of the record's event that names those left out, with a comma before it; nothing if all are kept.</summary>
    public ReadOnlySpan<byte> Omitted => omitted.Written;

    /// <param name="text">The line; if it is no JSON object, nothing of it is kept.</param>
    /// <param name="index">The line's index.</param>
    /// <param name="rules">The rules that ask for it, each with names to keep.</param>
    public void Cut(ReadOnlySpan<byte> text, JsonIndex index, bool isObject, IReadOnlyList<OutputRule> rules)
    {
        message.Start(text.Length + "{}".Length);
        omitted.Start(text.Length + EnvelopeOf(MostNamed));
        if (!isObject)
        {
            omitted.Append(",\"omitted\":{\"text\":true}"u8);
            return;
        }

        message.Append("{"u8);
        var (left, named) = (0, 0);
        foreach (var member in new JsonMembers(text, index, 0))
        {
            if (IsKept(member.Name, rules))
            {
                Keep(text, index, member);
            }
            else if (++left <= MostNamed)
            {
                Name(member.Name, ref named);
            }
        }

        message.Append("}"u8);
        End(left, named);
    }

    public void Dispose()
    {
        message.Dispose();
        omitted.Dispose();
    }

    static int EnvelopeOf(int names) => (names * ",\"\"".Length) + 64;

    static bool IsKept(ReadOnlySpan<byte> name, IReadOnlyList<OutputRule> rules)
    {
        for (var at = 0; at < rules.Count; at++)
        {
            for (var one = 0; one < rules[at].Only.Count; one++)
            {
                if (JsonText.Is(name, rules[at].Only[one]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    void Keep(ReadOnlySpan<byte> text, JsonIndex index, JsonMember member)
    {
        if (message.Written.Length > 1)
        {
            message.Append(","u8);
        }

        var after = index.Position(index.After(text, member.Value));
        message.Append(text[index.Position(member.Key)..after].TrimEnd(" \t\r\n"u8));
    }

    void Name(ReadOnlySpan<byte> name, ref int named)
    {
        omitted.Append(named++ == 0 ? ",\"omitted\":{\"names\":[\""u8 : ",\""u8);
        omitted.Append(name);
        omitted.Append("\""u8);
    }

    void End(int left, int named)
    {
        if (left == 0)
        {
            return;
        }

        omitted.Append("],\"members\":"u8);
        Span<byte> digits = stackalloc byte[LongestNumber];
        Utf8Formatter.TryFormat(left, digits, out var length);
        omitted.Append(digits[..length]);
        omitted.Append("}"u8);
    }
}
