namespace ClusterTrail.Kubernetes;

/// <summary>Who we are to the API server, and how patient with it.</summary>
public sealed record ClusterOptions
{
    /// <summary>Under this name the API server remembers which fields we own.</summary>
    public required string FieldManager { get; init; }

    /// <summary>The user agent in the API server's audit log. The default is the field manager.</summary>
    public string UserAgent
    {
        get => field ?? FieldManager;
        init;
    }

    /// <summary>Whether applying takes over fields that others own; otherwise that is a conflict. The default is true.</summary>
    public bool Force { get; init; } = true;

    /// <summary>How long one try of a request may take. The default is 30 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long to wait before the first retry, if the server does not say; each further one waits longer. The default is 0.5 s.
    /// </summary>
    public TimeSpan FirstRetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);
}
