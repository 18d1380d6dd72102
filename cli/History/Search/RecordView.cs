using ClusterTrail.Rules.Events;

namespace ClusterTrail.History.Search;

/// <summary>A record, taken apart as far as searches ask for it.</summary>
/// <remarks>
/// Every span is a piece of the line: the text between a string's quotes with its escapes, or nothing when the field is absent.
/// </remarks>
ref struct RecordView
{
    internal ReadOnlySpan<byte> Line;
    internal JsonIndex Index;

    internal ReadOnlySpan<byte> Time;
    internal ReadOnlySpan<byte> Id;
    internal ReadOnlySpan<byte> ApiEventId;
    internal ReadOnlySpan<byte> Category;
    internal ReadOnlySpan<byte> Source;
    internal ReadOnlySpan<byte> Name;
    internal ReadOnlySpan<byte> ReadOnly;
    internal ReadOnlySpan<byte> Address;
    internal ReadOnlySpan<byte> Error;
    internal ReadOnlySpan<byte> UserName;
    internal ReadOnlySpan<byte> ActingAs;

    /// <summary>The tokens of these members' values; 0 when absent.</summary>
    internal int Object;
    internal int Finding;
    internal int Aggregate;
    internal int Event;
    int truncated;

    /// <summary>False when it is no JSON object.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> line, JsonIndex index, out RecordView view)
    {
        view = new RecordView { Line = line, Index = index };
        if (!index.TryIndex(line) || line[index.Position(0)] != (byte)'{')
            return false;
        foreach (var member in new JsonMembers(line, index, 0))
            view.Read(member);
        return true;
    }

    /// <summary>What is at this name in an object; nothing when it is not there, or is no text.</summary>
    internal readonly ReadOnlySpan<byte> TextAt(int token, ReadOnlySpan<byte> name) =>
        TokenAt(token, name) is > 0 and var found ? JsonText.At(Line, Index, found) : default;

    /// <summary>The text of a member of the record itself; nothing when it is not there, or is no text.</summary>
    internal readonly ReadOnlySpan<byte> Member(ReadOnlySpan<byte> name)
    {
        foreach (var member in new JsonMembers(Line, Index, 0))
        {
            if (member.Name.SequenceEqual(name))
                return member.Text;
        }

        return default;
    }

    /// <summary>The token at this name in an object; 0 when it is not there.</summary>
    internal readonly int TokenAt(int token, ReadOnlySpan<byte> name)
    {
        if (token != 0)
        {
            foreach (var member in new JsonMembers(Line, Index, token))
            {
                if (member.Name.SequenceEqual(name))
                    return member.Value;
            }
        }

        return 0;
    }

    /// <summary>The object that was asked for: of the event, or where there is none, of the record.</summary>
    internal readonly int ObjectRef => TokenAt(Event, "objectRef"u8) is > 0 and var ofEvent ? ofEvent : Object;

    /// <summary>The event as it stands in the record; nothing when there is none.</summary>
    internal readonly ReadOnlySpan<byte> EventText => Text(Event);

    /// <summary>What the record says of what was cut; nothing of a complete event.</summary>
    internal readonly ReadOnlySpan<byte> Truncated => Text(truncated);

    readonly ReadOnlySpan<byte> Text(int token) =>
        token == 0 ? default : Line[Index.Position(token)..(Index.Position(Index.Closing(token)) + 1)];

    void Read(JsonMember member)
    {
        switch (member.Name)
        {
            case var name when name.SequenceEqual("event"u8): Event = ObjectAt(member.Value); break;
            case var name when name.SequenceEqual("eventTime"u8): Time = member.Text; break;
            case var name when name.SequenceEqual("eventID"u8): Id = member.Text; break;
            case var name when name.SequenceEqual("apiEventID"u8): ApiEventId = member.Text; break;
            case var name when name.SequenceEqual("eventCategory"u8): Category = member.Text; break;
            case var name when name.SequenceEqual("eventSource"u8): Source = member.Text; break;
            case var name when name.SequenceEqual("eventName"u8): Name = member.Text; break;
            case var name when name.SequenceEqual("readOnly"u8): ReadOnly = member.Text; break;
            case var name when name.SequenceEqual("sourceIPAddress"u8): Address = member.Text; break;
            case var name when name.SequenceEqual("errorCode"u8): Error = member.Text; break;
            case var name when name.SequenceEqual("objectRef"u8): Object = ObjectAt(member.Value); break;
            case var name when name.SequenceEqual("truncated"u8): truncated = ObjectAt(member.Value); break;
            case var name when name.SequenceEqual("insightDetails"u8): Finding = ObjectAt(member.Value); break;
            case var name when name.SequenceEqual("aggregateDetails"u8): Aggregate = ObjectAt(member.Value); break;
            case var name when name.SequenceEqual("userIdentity"u8):
                UserName = TextAt(member.Value, "userName"u8);
                ActingAs = TextAt(member.Value, "actingAs"u8);
                break;
        }
    }

    readonly int ObjectAt(int token) => Line[Index.Position(token)] == (byte)'{' ? token : 0;
}
