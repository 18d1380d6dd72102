using System.Buffers;

namespace ClusterTrail.Agent.Sources.Webhook;

/// <summary>Makes lines of an <c>audit.k8s.io/v1</c> EventList, as kube-apiserver's log backend writes its events.</summary>
/// <remarks>
/// Guarantee: each object of <c>items</c> becomes one line, whatever is in it, byte for byte but for white space between its tokens that
/// would end the line. The list names kind and version once for all of its items, so each gets them.
/// </remarks>
static class EventListReader
{
    const int LeastRoom = 64 << 10;

    static ReadOnlySpan<byte> Version => "\"audit.k8s.io/v1\""u8;

    static ReadOnlySpan<byte> TypeOfItem => "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\""u8;

    /// <summary>Appends the lines.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="EventListException">It is not such a list; nothing was appended that counts.</exception>
    public static int Read(ReadOnlySpan<byte> body, IBufferWriter<byte> lines)
    {
        var json = new JsonStretch(body);
        var (hasKind, hasVersion, count) = (false, false, -1);
        if (!json.TryTake((byte)'{'))
            throw json.Broken("it does not begin with an object");
        do
        {
            if (json.Peek() == (byte)'}')
                break;
            var name = json.Value();
            if (!json.TryTake((byte)':'))
                throw json.Broken("a member has no value");
            switch (name)
            {
                case var kind when kind.SequenceEqual("\"kind\""u8):
                    hasKind = Is(ref json, "\"EventList\""u8, "kind");
                    break;
                case var version when version.SequenceEqual("\"apiVersion\""u8):
                    hasVersion = Is(ref json, Version, "apiVersion");
                    break;
                case var items when items.SequenceEqual("\"items\""u8):
                    count = count < 0 ? ReadItems(ref json, (2L * body.Length) + LeastRoom, lines)
                        : throw json.Broken("items is there twice");
                    break;
                default:
                    json.Value();
                    break;
            }
        }
        while (json.TryTake((byte)','));

        if (!json.TryTake((byte)'}') || json.Peek() != 0 || json.At != body.Length)
            throw json.Broken("something else stands where it must end");
        if (hasKind && hasVersion && count < 0)
            throw new EventListException("The body is an EventList without items.");
        return hasKind && hasVersion ? count
            : throw new EventListException("The body is not an EventList of audit.k8s.io/v1: it has no kind or no apiVersion.");
    }

    static bool Is(ref JsonStretch json, ReadOnlySpan<byte> expected, string name) => json.Value().SequenceEqual(expected)
        ? true
        : throw new EventListException(
            $"The body's {name} is not {System.Text.Encoding.ASCII.GetString(expected)}. Send EventLists of audit.k8s.io/v1.");

    // Each item gets its type, which is small beside an event: memory stays bounded by what was sent.
    static int ReadItems(ref JsonStretch json, long most, IBufferWriter<byte> lines)
    {
        // As Go writes an empty list.
        if (json.Peek() == (byte)'n')
            return json.Value().SequenceEqual("null"u8) ? 0 : throw json.Broken("items is not an array");
        if (!json.TryTake((byte)'['))
            throw json.Broken("items is not an array");
        if (json.TryTake((byte)']'))
            return 0;
        var (count, written) = (0, 0L);
        do
        {
            if (json.Peek() != (byte)'{')
                throw json.Broken("an item is not an object");
            var item = json.Value();
            written += item.Length + TypeOfItem.Length + 1;
            if (written > most)
                throw new EventListException("The items are too small to be events.");
            Write(item, lines);
            count++;
        }
        while (json.TryTake((byte)','));
        return json.TryTake((byte)']') ? count : throw json.Broken("something else stands between two items");
    }

    static void Write(ReadOnlySpan<byte> item, IBufferWriter<byte> lines)
    {
        var members = new JsonStretch(item);
        members.TryTake((byte)'{');
        var hasType = item[members.At..].StartsWith("\"kind\""u8);
        var isEmpty = members.Peek() == (byte)'}';
        if (!hasType)
        {
            lines.Write(TypeOfItem);
            if (!isEmpty)
                lines.Write(","u8);
        }

        var rest = hasType ? item : item[1..];
        var line = lines.GetSpan(rest.Length + 1)[..(rest.Length + 1)];
        rest.CopyTo(line);
        // JSON has line ends only between tokens.
        var text = line[..^1];
        text.Replace((byte)'\n', (byte)' ');
        text.Replace((byte)'\r', (byte)' ');
        line[^1] = (byte)'\n';
        lines.Advance(line.Length);
    }
}
