using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace ClusterTrail.Contract.Selectors;

/// <summary>Regular expressions on values, without backtracking: time is linear in the value's length, whatever an attacker sends.</summary>
public static class ValuePattern
{
    // Making one takes milliseconds, and packs use the same ones again and again. One that no rule uses any more goes.
    static readonly ConcurrentDictionary<string, WeakReference<Regex>> Known = new();

    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    /// <exception cref="NotSupportedException">It needs backtracking.</exception>
    public static Regex Of(string pattern)
    {
        var reference = Known.GetOrAdd(pattern, static text => new(Make(text)));
        if (!reference.TryGetTarget(out var known))
        {
            reference.SetTarget(known = Make(pattern));
        }

        return known;
    }

    static Regex Make(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
