namespace ClusterTrail.Contract.Execs;

/// <summary>Who asked the API server, as a record's <c>userIdentity</c> has it.</summary>
public sealed record ExecIdentity
{
    public required string Type { get; init; }

    public required string UserName { get; init; }

    /// <summary>Whom the user impersonated.</summary>
    public string? ActingAs { get; init; }
}
