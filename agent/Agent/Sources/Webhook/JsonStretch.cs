using System.Buffers;

namespace ClusterTrail.Agent.Sources.Webhook;

/// <summary>Finds where JSON values end, without judging what is in them.</summary>
/// <remarks>
/// An event that is broken inside is recorded as what it is, and takes no other with it; so only what separates events is read strictly.
/// It works in one pass and without recursion, whatever the nesting.
/// </remarks>
ref struct JsonStretch(ReadOnlySpan<byte> json)
{
    static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    static readonly SearchValues<byte> InString = SearchValues.Create("\"\\"u8);
    static readonly SearchValues<byte> AfterScalar = SearchValues.Create(",]} \t\r\n"u8);

    readonly ReadOnlySpan<byte> json = json;

    public int At { get; private set; }

    /// <summary>The next byte that is not white space; 0 at the end.</summary>
    public byte Peek()
    {
        var next = json[At..].IndexOfAnyExcept(" \t\r\n"u8);
        At = next < 0 ? json.Length : At + next;
        return next < 0 ? (byte)0 : json[At];
    }

    public bool TryTake(byte expected)
    {
        if (Peek() != expected || At == json.Length)
            return false;
        At++;
        return true;
    }

    /// <summary>The bytes of the next value, from its first to its last one.</summary>
    /// <exception cref="EventListException">There is none, or it does not end.</exception>
    public ReadOnlySpan<byte> Value()
    {
        var first = Peek();
        var start = At;
        switch (first)
        {
            case (byte)'"':
                At++;
                SkipString();
                break;
            case (byte)'{' or (byte)'[':
                SkipNested();
                break;
            default:
                var end = json[At..].IndexOfAny(AfterScalar);
                At = end < 0 ? json.Length : At + end;
                break;
        }

        return At > start ? json[start..At] : throw Broken("a value is missing");
    }

    public readonly EventListException Broken(string what) => new($"The body is not an EventList: {what} at byte {At}.");

    void SkipNested()
    {
        var depth = 0;
        do
        {
            var next = json[At..].IndexOfAny(Structure);
            if (next < 0)
            {
                At = json.Length;
                throw Broken("it ends within an object or array");
            }

            At += next + 1;
            switch (json[At - 1])
            {
                case (byte)'"':
                    SkipString();
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                default:
                    depth--;
                    break;
            }
        }
        while (depth > 0);
    }

    // From behind the opening quote to behind the closing one.
    void SkipString()
    {
        while (json[At..].IndexOfAny(InString) is >= 0 and var next)
        {
            At += next + 1;
            if (json[At - 1] == (byte)'"')
                return;
            At = Math.Min(At + 1, json.Length);
        }

        At = json.Length;
        throw Broken("it ends within a string");
    }
}
