using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract;

/// <summary>What the configuration of digests must be beyond its form.</summary>
static class IntegrityValidation
{
    public static void Check(IntegrityConfiguration integrity, SinkConfiguration sink, Problems problems)
    {
        if (integrity.Canary == true && sink.Type != SinkType.S3)
        {
            problems.AddText("integrity.canary", $"is true; allowed: false, because sink.type is {sink.Type}, which can lock nothing.");
        }

        if (!AgentValidation.IsSourceName(integrity.Chain))
        {
            problems.Add("integrity.chain", integrity.Chain, "1 to 32 of a-z, 0-9 and '-', with a letter or digit at both ends");
        }

        if (integrity.Kms is { } kms)
        {
            CheckKms(kms, "integrity.kms", problems);
        }

        problems.CheckRange("integrity.intervalSeconds", integrity.IntervalSeconds, 60, 3600);
        problems.CheckRange("integrity.idleIntervalSeconds", integrity.IdleIntervalSeconds, 60, 3600);
        problems.CheckRange("integrity.keyRotationDays", integrity.KeyRotationDays, 0, 36_500);
        if (integrity is { IntervalSeconds: <= 3600 and var interval, IdleIntervalSeconds: >= 60 and var idle } && idle < interval)
        {
            problems.AddText("integrity.idleIntervalSeconds", $"is {idle}; allowed: at least integrity.intervalSeconds.");
        }
    }

    static void CheckKms(KmsKeyConfiguration kms, string field, Problems problems)
    {
        if (kms.KeyId.Length is 0 or > 2048 || kms.KeyId.Any(one => char.IsControl(one) || char.IsWhiteSpace(one)))
        {
            problems.Add($"{field}.keyId", kms.KeyId, "a key's id or ARN, or an alias such as alias/clustertrail");
        }

        if (kms.Endpoint is not null && !(Uri.TryCreate(kms.Endpoint, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"))
        {
            problems.Add($"{field}.endpoint", kms.Endpoint, "a URL that starts with https:// or http://");
        }
    }
}
