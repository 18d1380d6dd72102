using ClusterTrail.Trails.Api;

namespace ClusterTrail.Trails.Validation;

/// <summary>What is wrong with the place of a Trail's anchors, beyond its schema.</summary>
static class AnchorProblems
{
    const string Field = "spec.integrity.anchor";

    public static IEnumerable<string> Of(TrailSpec spec)
    {
        if (spec.Integrity.Anchor is not { } anchor)
            yield break;
        if (anchor.Bucket.Length == 0)
            yield return TrailProblems.Wrong($"{Field}.bucket", "", "a bucket's name");
        // Who may write to the archive must not be able to change what it is compared with.
        if (spec.Sink.S3 is { } sink && sink.Bucket == anchor.Bucket && sink.Endpoint == anchor.Endpoint)
        {
            yield return TrailProblems.Wrong(
                $"{Field}.bucket", anchor.Bucket, "another bucket than that of spec.sink.s3, best in another account");
        }

        if (anchor.Prefix.StartsWith('/') || anchor.Prefix.EndsWith('/') || anchor.Prefix.Any(char.IsControl)
            || anchor.Prefix.Split('/').Any(part => part is "." or ".."))
        {
            yield return TrailProblems.Wrong(
                $"{Field}.prefix", anchor.Prefix,
                "a prefix without a slash at either end and control characters, none of whose parts is . or ..");
        }

        if (anchor.Endpoint is { } endpoint && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"))
            yield return TrailProblems.Wrong($"{Field}.endpoint", endpoint, "a URL that starts with https:// or http://");
        if (anchor.CaBundle is not null && anchor.Endpoint?.StartsWith("https://", StringComparison.Ordinal) != true)
            yield return $"{Field}.caBundle is given; allowed: only with an endpoint that starts with https://.";
        if (anchor.IntervalSeconds is < 60 or > 86_400)
            yield return $"{Field}.intervalSeconds is {anchor.IntervalSeconds}; allowed: a whole number from 60 to 86400.";
    }
}
