using System.Collections.Concurrent;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>Keeps the values of a <c>code</c> label few: what a server answers is not ours to trust.</summary>
sealed class ErrorCodes(int limit)
{
    public const string Other = "Other";
    const int LongestCode = 64;

    readonly ConcurrentDictionary<string, string> known = new();

    /// <summary>The code itself while there are few; <c>Other</c> for all further ones and for what is not a word.</summary>
    public string Bounded(string code)
    {
        if (known.TryGetValue(code, out var same))
            return same;
        lock (known)
            return IsWord(code) && known.Count < limit ? known.GetOrAdd(code, code) : Other;
    }

    static bool IsWord(string code) =>
        code.Length is > 0 and <= LongestCode && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
