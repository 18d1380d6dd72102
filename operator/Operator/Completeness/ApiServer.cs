namespace ClusterTrail.Operator.Completeness;

/// <summary>The address of one API server.</summary>
sealed record ApiServer(string Host, int Port)
{
    public string Address => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
