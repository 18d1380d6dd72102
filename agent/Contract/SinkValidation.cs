using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract;

/// <summary>What a sink's configuration must be beyond its form.</summary>
static class SinkValidation
{
    public static void Check(SinkConfiguration sink, Problems problems)
    {
        CheckUnion("sink", "Directory", "directory", sink.Type == SinkType.Directory, sink.Directory, problems);
        CheckUnion("sink", "S3", "s3", sink.Type == SinkType.S3, sink.S3, problems);
        if (sink.Directory is not null)
        {
            AgentValidation.CheckPath("sink.directory.path", sink.Directory.Path, problems);
        }

        if (sink.S3 is not null)
        {
            CheckS3(sink.S3, problems);
        }
    }

    static void CheckS3(S3SinkConfiguration s3, Problems problems)
    {
        if (s3.Bucket.Length == 0)
        {
            problems.Add("sink.s3.bucket", "", "a bucket's name");
        }

        if (s3.Prefix.StartsWith('/') || s3.Prefix.EndsWith('/'))
        {
            problems.Add("sink.s3.prefix", s3.Prefix, "a prefix without a slash at either end");
        }

        if (s3.Prefix.Any(char.IsControl) || s3.Prefix.Split('/').Any(part => part is "." or ".."))
        {
            problems.Add("sink.s3.prefix", s3.Prefix, "a prefix without control characters, and none of whose parts is . or ..");
        }

        if (s3.Endpoint is not null
            && !(Uri.TryCreate(s3.Endpoint, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"))
        {
            problems.Add("sink.s3.endpoint", s3.Endpoint, "a URL that starts with https:// or http://");
        }

        if (s3.CaPath is not null)
        {
            AgentValidation.CheckPath("sink.s3.caPath", s3.CaPath, problems);
        }

        problems.CheckRange("sink.s3.maxConcurrency", s3.MaxConcurrency, 1, 64);
        problems.CheckRange("sink.s3.timeoutSeconds", s3.TimeoutSeconds, 1, 3600);
        if (s3.ObjectLock is not null)
        {
            problems.CheckRange("sink.s3.objectLock.retentionDays", s3.ObjectLock.RetentionDays, 1, 36500);
        }

        if (s3.Encryption.Type != S3EncryptionType.SseKms && (s3.Encryption.KmsKeyId is not null || s3.Encryption.BucketKey))
        {
            problems.Add("sink.s3.encryption.type", s3.Encryption.Type, "SseKms, because kmsKeyId or bucketKey is given");
        }

        CheckCredentials(s3.Credentials, "sink.s3.credentials", problems);
    }

    public static void CheckCredentials(S3CredentialsConfiguration credentials, string field, Problems problems)
    {
        CheckUnion(field, "Static", "static", credentials.Type == S3CredentialsType.Static, credentials.Static, problems);
        if (credentials.Static is { } files)
        {
            AgentValidation.CheckPath($"{field}.static.accessKeyIdPath", files.AccessKeyIdPath, problems);
            AgentValidation.CheckPath($"{field}.static.secretAccessKeyPath", files.SecretAccessKeyPath, problems);
            if (files.SessionTokenPath is not null)
            {
                AgentValidation.CheckPath($"{field}.static.sessionTokenPath", files.SessionTokenPath, problems);
            }
        }
    }

    static void CheckUnion(string field, string type, string member, bool isOfType, object? value, Problems problems)
    {
        if (isOfType && value is null)
        {
            problems.Add($"{field}.{member}", null, $"an object, because the type is {type}");
        }
        else if (!isOfType && value is not null)
        {
            problems.AddText($"{field}.{member}", $"is given, but {field}.type is not {type}; allowed: one of the two.");
        }
    }
}
