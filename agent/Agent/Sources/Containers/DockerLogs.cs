using System.Globalization;
using System.Text.RegularExpressions;

namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>Where Docker keeps what containers write: <c>ID/ID-json.log</c> below one folder, rotated to <c>ID-json.log.1</c>, <c>.2.gz</c>.</summary>
/// <remarks>
/// Below a pod's folder there is a link to the live log only. The rotated ones stand beside it under names of our own, <c>N.log.#RANK</c>,
/// whose rank rises with their age's end: as with the kubelet's times, the oldest comes first.
/// </remarks>
static partial class DockerLogs
{
    const int Ranks = 1_000_000;

    /// <summary>The container that a link leads to; null if it is not exactly the live log of one below the folder.</summary>
    public static string? IdOf(string target, string folder) =>
        target.StartsWith($"{folder}/", StringComparison.Ordinal) && Live().Match(target[(folder.Length + 1)..]) is { Success: true } match
            ? match.Groups["id"].Value
            : null;

    /// <summary>Whether a link is likely one of Docker's, wherever its folder is.</summary>
    public static bool IsLikely(string target) => Likely().IsMatch(target);

    public static string LiveOf(string id) => $"{id}-json.log";

    /// <summary>What a rotated log is called beside the link; null for any other file.</summary>
    public static string? NameOf(string file, string id, string link) =>
        file.StartsWith(LiveOf(id), StringComparison.Ordinal) && Rotated().Match(file[LiveOf(id).Length..]) is { Success: true } match
            ? $"{link}.#{Ranks - int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture):d6}{match.Groups["gz"].Value}"
            : null;

    /// <summary>The link and the rotated log that a name of ours means; null for any other name.</summary>
    public static (string Link, string Rotation)? Parse(string name) => Own().Match(name) is { Success: true } match
        ? (match.Groups["link"].Value,
            $".{Ranks - int.Parse(match.Groups["rank"].ValueSpan, CultureInfo.InvariantCulture)}{match.Groups["gz"].Value}")
        : null;

    [GeneratedRegex("^(?<id>[0-9a-f]{64})/\\k<id>-json\\.log\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Live();

    [GeneratedRegex("/(?<id>[0-9a-f]{64})/\\k<id>-json\\.log\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Likely();

    [GeneratedRegex("^\\.(?<number>[1-9][0-9]{0,4})(?<gz>\\.gz)?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rotated();

    [GeneratedRegex("^(?<link>[0-9]{1,9}\\.log)\\.#(?<rank>[0-9]{6})(?<gz>\\.gz)?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Own();
}
