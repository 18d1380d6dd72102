namespace ClusterTrail.Agent.Sources.Admission;

/// <summary>Reviews that were answered and are not recorded.</summary>
/// <param name="Events">How many.</param>
/// <param name="Bytes">How many bytes their events have.</param>
/// <param name="Since">When the first of them came.</param>
/// <param name="Until">When the last of them came.</param>
readonly record struct Losses(long Events, long Bytes, DateTimeOffset Since, DateTimeOffset Until)
{
    public Losses With(long bytes, DateTimeOffset at) => Events == 0
        ? new(1, bytes, at, at)
        : new(Events + 1, Bytes + bytes, at < Since ? at : Since, at > Until ? at : Until);
}
