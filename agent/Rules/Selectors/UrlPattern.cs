using System.Text;

namespace ClusterTrail.Rules.Selectors;

/// <summary>A pattern of non-resource URLs: exact, <c>*</c>, or with a <c>*</c> at the end.</summary>
sealed class UrlPattern(string pattern)
{
    readonly bool isPrefix = pattern.EndsWith('*');
    readonly byte[] text = Encoding.UTF8.GetBytes(pattern.TrimEnd('*'));

    public override string ToString() => pattern;

    public bool Matches(ReadOnlySpan<byte> path) => isPrefix ? path.StartsWith(text) : path.SequenceEqual(text);
}
