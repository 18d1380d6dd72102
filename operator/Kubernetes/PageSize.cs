namespace ClusterTrail.Kubernetes;

/// <summary>How many objects to ask for at once, so that a page is neither a burden for the API server nor one of very many.</summary>
/// <remarks>Pure.</remarks>
public static class PageSize
{
    /// <summary>Where a list begins whose objects others may make as large as the API server allows.</summary>
    public const int OfStrangers = 20;

    const int Most = 500;
    const long LongPage = 4 << 20;
    const long ShortPage = 1 << 20;

    /// <summary>The limit of the next page.</summary>
    /// <param name="limit">Of the page before.</param>
    /// <param name="bytes">How long that was; 0 if unknown.</param>
    public static int After(int limit, long bytes) => bytes switch
    {
        0 => limit,
        > LongPage => (int)Math.Max(1, limit * LongPage / bytes),
        < ShortPage => Math.Min(Math.Max(limit, Most), limit * 2),
        _ => limit,
    };
}
