using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ClusterTrail.Rules.Events;

/// <summary>What a record says of the cuts in its event, found in that event again.</summary>
static class RecordedTruncation
{
    /// <param name="truncated">The member <c>truncated</c> of a record.</param>
    /// <param name="audit">The record's event.</param>
    public static Truncation Read(ReadOnlySpan<byte> truncated, in AuditEvent audit)
    {
        try
        {
            return ReadMember(truncated, audit);
        }
        // No agent writes such a member. What was cut may be anywhere in the bodies.
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or JsonException)
        {
            var cuts = new Dictionary<int, Cut>();
            AddBodies(audit, cuts);
            return new(default, audit.Line.Length, [], [.. cuts.Values]);
        }
    }

    static Truncation ReadMember(ReadOnlySpan<byte> truncated, in AuditEvent audit)
    {
        var reader = new Utf8JsonReader(truncated);
        using var document = JsonDocument.ParseValue(ref reader);
        var member = document.RootElement;
        var cuts = new Dictionary<int, Cut>();
        foreach (var cut in member.GetProperty("cuts").EnumerateArray())
        {
            var pointer = cut.GetProperty("pointer").GetString()!;
            var position = audit.Index.Position(Find(audit, pointer));
            cuts.TryAdd(position, new(pointer, cut.GetProperty("bytes").GetInt64(), position));
        }

        if (member.TryGetProperty("moreCuts", out _))
        {
            // They may be anywhere in the bodies.
            AddBodies(audit, cuts);
        }

        var reason = Enum.TryParse<TruncationReason>(member.GetProperty("reason").GetString(), out var known) ? known : default;
        return new(reason, member.GetProperty("bytes").GetInt64(), [], [.. cuts.Values]);
    }

    static void AddBodies(in AuditEvent audit, Dictionary<int, Cut> cuts)
    {
        foreach (var key in new[] { audit.RequestObject, audit.ResponseObject }.Where(key => key != 0))
        {
            cuts.TryAdd(audit.Index.Position(key + 2), new("", 0, audit.Index.Position(key + 2)));
        }
    }

    // Of a pointer that leads nowhere, as one that was too long to be written, as far as it leads.
    static int Find(in AuditEvent audit, string pointer)
    {
        var token = 0;
        foreach (var step in pointer.Split('/').Skip(1))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            var next = FindStep(audit, token, name);
            if (next == 0)
            {
                break;
            }

            token = next;
        }

        return token;
    }

    static int FindStep(in AuditEvent audit, int token, string step)
    {
        var name = Encoding.UTF8.GetBytes(step);
        foreach (var member in new JsonMembers(audit.Line, audit.Index, token))
        {
            if (JsonText.Is(member.Name, name))
            {
                return member.Value;
            }
        }

        if (!int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var place))
        {
            return 0;
        }

        foreach (var item in new JsonItems(audit.Line, audit.Index, token))
        {
            if (place-- == 0)
            {
                return item;
            }
        }

        return 0;
    }
}
