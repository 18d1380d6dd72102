using System.Globalization;
using System.Text.RegularExpressions;

namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>A pod, as the name of its folder below <c>/var/log/pods</c> has it.</summary>
readonly record struct PodName(string Namespace, string Pod, string Uid);

/// <summary>
/// A log of a container: <c>N.log</c>, or as the kubelet rotates it <c>N.log.TIME</c> and <c>N.log.TIME.gz</c>, or with Docker's rank in
/// place of the time.
/// </summary>
/// <param name="Restart">How often the container was started before.</param>
/// <param name="RotatedAt">The time in its name; the empty text of the live one.</param>
readonly record struct LogName(int Restart, string RotatedAt, bool IsCompressed) : IComparable<LogName>
{
    public bool IsLive => RotatedAt.Length == 0;

    /// <summary>The oldest first.</summary>
    public int CompareTo(LogName other) => (Restart, Rank(this), IsCompressed).CompareTo((other.Restart, Rank(other), other.IsCompressed));

    // After every digit.
    static string Rank(LogName name) => name.IsLive ? "~" : name.RotatedAt;
}

/// <summary>The names that the kubelet gives.</summary>
/// <remarks>Guarantee: what passes is one name of a folder or a file, without a separator, and neither <c>.</c> nor <c>..</c>.</remarks>
static partial class PodLogNames
{
    const int LongestPod = 253;

    /// <summary>Reads <c>NAMESPACE_NAME_UID</c>; null for any other name.</summary>
    public static PodName? ParsePod(string name) =>
        Pod().Match(name) is { Success: true } match && match.Groups["pod"].Length <= LongestPod
            ? new(match.Groups["namespace"].Value, match.Groups["pod"].Value, match.Groups["uid"].Value)
            : null;

    public static bool IsContainer(string name) => Label().IsMatch(name);

    /// <summary>Null for what is no log, or not yet whole.</summary>
    public static LogName? ParseLog(string name) =>
        Log().Match(name) is { Success: true } match
        && int.TryParse(match.Groups["restart"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var restart)
            ? new(restart, match.Groups["rotated"].Value, match.Groups["gz"].Success)
            : null;

    [GeneratedRegex(
        "^(?<namespace>[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)_(?<pod>[a-z0-9]([a-z0-9.-]*[a-z0-9])?)_(?<uid>[0-9a-f-]{8,64})\\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pod();

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Label();

    [GeneratedRegex(
        "^(?<restart>0|[1-9][0-9]{0,8})\\.log(\\.(?<rotated>[0-9]{8}-[0-9]{6}|#[0-9]{6})(?<gz>\\.gz)?)?\\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Log();
}
