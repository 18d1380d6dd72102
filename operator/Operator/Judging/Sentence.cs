namespace ClusterTrail.Operator.Judging;

/// <summary>Text of others as a part of our own.</summary>
static class Sentence
{
    /// <summary>The text with a full stop at its end.</summary>
    public static string Of(string text)
    {
        var trimmed = text.Trim();
        return trimmed.Length == 0 || trimmed[^1] is '.' or '!' or '?' or '…' ? trimmed : $"{trimmed}.";
    }
}
