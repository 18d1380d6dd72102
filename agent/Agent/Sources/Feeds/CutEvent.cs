using System.Buffers;
using System.Text;
using System.Text.Json;
using ClusterTrail.Agent.Sources.Webhook;

namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>Makes an event again of one that was cut at a size: what came whole of it, and what is missing by its name.</summary>
/// <remarks>
/// kube-apiserver writes who did what before the bodies and the annotations, so a cut event still says that: a request that is padded to be
/// cut is evaluated and recorded.
/// </remarks>
static class CutEvent
{
    /// <summary>The annotation that names the member within which it was cut.</summary>
    public const string Annotation = "clustertrail.io/cut";

    /// <summary>Whether a text is an object from beginning to end.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> text)
    {
        try
        {
            var json = new JsonStretch(text);
            if (json.Peek() != (byte)'{')
                return false;
            json.Value();
            return json.Peek() == 0 && json.At == text.Length;
        }
        catch (EventListException)
        {
            return false;
        }
    }

    /// <summary>Appends it as a line; false when too little came of it to be one.</summary>
    /// <param name="at">When it was written.</param>
    public static bool TryAdd(ReadOnlySpan<byte> text, DateTimeOffset? at, FeedLines lines)
    {
        var (end, names, cut) = Members(text);
        if (!names.Contains("auditID") || !names.Contains("stage") || !names.Contains("kind") || names.Contains("annotations"))
            return false;
        var start = lines.Mark().Length;
        lines.Write(text[..end]);
        foreach (var name in new[] { "requestReceivedTimestamp", "stageTimestamp" })
        {
            if (!names.Contains(name) && at is { } time)
                lines.Write(Encoding.UTF8.GetBytes($",\"{name}\":\"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}\""));
        }

        lines.Write(Encoding.UTF8.GetBytes($",\"annotations\":{{\"{Annotation}\":\"{JsonEncodedText.Encode(cut)}\"}}}}"));
        lines.EndEvent(start, isCut: true);
        return true;
    }

    // Where its last whole member ends, which ones there are, and in which one it was cut.
    static (int End, HashSet<string> Names, string Cut) Members(ReadOnlySpan<byte> text)
    {
        var json = new JsonStretch(text);
        var (end, names, name) = (0, new HashSet<string>(), "");
        try
        {
            json.TryTake((byte)'{');
            do
            {
                name = "";
                name = Name(json.Value());
                if (!json.TryTake((byte)':'))
                    break;
                json.Value();
                // A number may go on.
                if (json.At == text.Length)
                    break;
                end = json.At;
                names.Add(name);
            }
            while (json.TryTake((byte)','));
        }
        catch (EventListException)
        {
            // Here it was cut.
        }

        return (end, names, names.Contains(name) ? "" : name);
    }

    static string Name(ReadOnlySpan<byte> quoted) => Encoding.UTF8.GetString(quoted.Trim((byte)'"'));
}
