using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace ClusterTrail.Contract.Selectors;

/// <summary>
/// Regular expressions on values, without backtracking: time is linear in the value's length, whatever an attacker sends.
/// </summary>
public static class ValuePattern
{
    const int Many = 1000;

    // Making one takes milliseconds, and packs use the same ones again and again. Those in use are kept by who uses them.
    static readonly ConcurrentDictionary<string, WeakReference<Regex>> Known = new();

    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    /// <exception cref="NotSupportedException">It needs backtracking.</exception>
    public static void Check(string pattern) => Make(pattern);

    /// <summary>The same object for the same pattern, as long as anybody uses it.</summary>
    public static Regex Of(string pattern)
    {
        if (Known.Count > Many)
        {
            ForgetUnused();
        }

        var reference = Known.GetOrAdd(pattern, static text => new(Make(text)));
        if (!reference.TryGetTarget(out var known))
        {
            reference.SetTarget(known = Make(pattern));
        }

        return known;
    }

    static void ForgetUnused()
    {
        foreach (var (pattern, reference) in Known)
        {
            if (!reference.TryGetTarget(out _))
            {
                Known.TryRemove(pattern, out _);
            }
        }
    }

    static Regex Make(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
