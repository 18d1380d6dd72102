using System.Globalization;

namespace ClusterTrail.Archive;

/// <summary>The name of an object with which an agent tries whether what it stores can be changed. It is no part of the archive.</summary>
public static class CanaryName
{
    /// <summary>The folder of all of them, which a lifecycle rule may empty.</summary>
    public const string Folder = "canary/";

    const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    /// <param name="hash">The SHA-256 of the content, of which the name has the first digits.</param>
    public static string Of(string cluster, string trail, string node, string chain, DateTimeOffset time, string hash) =>
        $"{Folder}cluster={cluster}/trail={trail}/node={node}/"
            + $"{time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}-{chain}-{hash[..BatchName.HashDigits]}.json";
}
