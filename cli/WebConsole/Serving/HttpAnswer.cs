namespace ClusterTrail.WebConsole.Serving;

/// <summary>What is answered to a request.</summary>
sealed record HttpAnswer(int StatusCode, string ContentType, ReadOnlyMemory<byte> Body)
{
    internal const string Html = "text/html; charset=utf-8", Css = "text/css; charset=utf-8";

    /// <summary>Besides those that every answer has.</summary>
    internal IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}
