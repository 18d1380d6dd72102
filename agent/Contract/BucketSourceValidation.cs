using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract;

/// <summary>What a source of type Bucket must be beyond its form.</summary>
static class BucketSourceValidation
{
    const int LongestName = 1024;

    public static void Check(BucketSourceConfiguration bucket, string field, Problems problems)
    {
        if (bucket.Bucket.Length == 0 || bucket.Bucket.Contains('/', StringComparison.Ordinal))
        {
            problems.Add($"{field}.bucket", bucket.Bucket, "a bucket's name");
        }

        if (bucket.Prefix.StartsWith('/') || bucket.Prefix.Any(char.IsControl) || bucket.Prefix.Length > LongestName)
        {
            problems.Add(
                $"{field}.prefix", bucket.Prefix, "the beginning of objects' names, without a slash before it or control characters");
        }

        foreach (var (name, url) in new[] { ("endpoint", bucket.Endpoint), ("queueUrl", bucket.QueueUrl) })
        {
            if (url is not null && !IsUrl(url))
            {
                problems.Add($"{field}.{name}", url, "a URL that starts with https:// or http://");
            }
        }

        if (bucket.CaPath is not null)
        {
            AgentValidation.CheckPath($"{field}.caPath", bucket.CaPath, problems);
        }

        SinkValidation.CheckCredentials(bucket.Credentials, $"{field}.credentials", problems);
        problems.CheckRange($"{field}.pollIntervalSeconds", bucket.PollIntervalSeconds, 1, 3600);
        problems.CheckRange($"{field}.latenessSeconds", bucket.LatenessSeconds, 60, 7 * 86_400);
        problems.CheckRange($"{field}.timeoutSeconds", bucket.TimeoutSeconds, 1, 3600);
        problems.CheckRange($"{field}.journalMaxBytes", bucket.JournalMaxBytes, 64 << 20, 1L << 50);
        problems.CheckRange($"{field}.maxEventBytes", bucket.MaxEventBytes, 4096, 64 << 20);
    }

    static bool IsUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
}
