namespace ClusterTrail.History.Reading;

/// <summary>What the process ends with; documented in --help and docs/kubectl-trail.md.</summary>
enum ExitCode
{
    Ok = 0,
    Unreadable = 1,
    BadUsage = 2,
    CannotDecrypt = 3,
    NotReady = CannotDecrypt,
    Interrupted = 130,
}
