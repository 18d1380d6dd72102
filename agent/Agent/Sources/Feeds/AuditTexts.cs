using ClusterTrail.Agent.Sources.Webhook;

namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>Takes events as they are, and out of EventLists.</summary>
static class AuditTexts
{
    public static void Unwrap(ReadOnlySpan<byte> text, FeedLines lines)
    {
        if (!IsList(text))
        {
            lines.AddEvent(text);
            return;
        }

        var mark = lines.Mark();
        try
        {
            lines.NoteEvents(EventListReader.Read(text, lines));
        }
        catch (EventListException)
        {
            lines.GoBack(mark);
            lines.AddUnreadable(text);
        }
    }

    static bool IsList(ReadOnlySpan<byte> text)
    {
        try
        {
            var json = new JsonStretch(text);
            json.TryTake((byte)'{');
            do
            {
                var isKind = json.Peek() == (byte)'"' && json.Value().SequenceEqual("\"kind\""u8);
                if (!json.TryTake((byte)':'))
                    return false;
                if (isKind)
                    return json.Value().SequenceEqual("\"EventList\""u8);
                json.Value();
            }
            while (json.TryTake((byte)','));
        }
        catch (EventListException)
        {
            // It is no list, whatever else.
        }

        return false;
    }
}
