namespace ClusterTrail.Kubernetes.Connecting;

/// <summary>A token in a file that is replaced before it expires, as the kubelet does.</summary>
sealed class TokenFile(string path, Credential also, TimeProvider time) : ICredentialSource
{
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    readonly Lock reading = new();
    Credential? last;
    long readAt;

    public ValueTask<Credential> GetAsync(Credential? refused, CancellationToken cancellationToken)
    {
        lock (reading)
        {
            if (last is null || ReferenceEquals(last, refused) || time.GetElapsedTime(readAt) >= Fresh)
                last = Read();
            return new(last);
        }
    }

    Credential Read()
    {
        readAt = time.GetTimestamp();
        try
        {
            var token = File.ReadAllText(path).Trim();
            if (token.Length > 0)
            {
                return last is not null && last.Authorization?.Parameter == token
                    ? last
                    : also with { Authorization = Credential.Bearer(token).Authorization };
            }

            return last ?? throw new ConnectionException($"The token file {path} is empty.");
        }
        // While it is being replaced, the last one is still good.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return last ?? throw new ConnectionException($"The token file {path} cannot be read: {e.Message}", e);
        }
    }
}
