namespace ClusterTrail.Trails.Api;

/// <summary>Text that should be a URL of https or http.</summary>
static class HttpUrl
{
    public static bool Is(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
}
