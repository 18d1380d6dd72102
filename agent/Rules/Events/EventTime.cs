using System.Globalization;
using System.Text;

namespace ClusterTrail.Rules.Events;

/// <summary>Times as audit events write them (metav1.MicroTime).</summary>
static class EventTime
{
    /// <summary>Reads a time; null when it is not one.</summary>
    public static DateTimeOffset? Parse(ReadOnlySpan<byte> text)
    {
        Span<char> characters = stackalloc char[40];
        return text.Length <= characters.Length
            && DateTimeOffset.TryParse(
                characters[..Encoding.Latin1.GetChars(text, characters)], CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;
    }
}
