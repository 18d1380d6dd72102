using ClusterTrail.Verification.Heads;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>Reads heads from one place.</summary>
/// <param name="withVersions">Whether to read also what was replaced or deleted there.</param>
/// <exception cref="ClusterTrail.History.Reading.TrailException">They cannot be read, or cannot be trusted.</exception>
delegate Task<GivenHeads> HeadSource(DateTimeOffset now, bool withVersions, CancellationToken cancellationToken);

/// <summary>All places of heads that the options of <c>verify</c> name. They may be read again and again.</summary>
sealed class HeadSources(IReadOnlyList<HeadSource> sources)
{
    internal static HeadSources None { get; } = new([]);

    internal async Task<GivenHeads> ReadAsync(DateTimeOffset now, bool withVersions, CancellationToken cancellationToken)
    {
        var given = GivenHeads.None;
        foreach (var source in sources)
        {
            var more = await source(now, withVersions, cancellationToken);
            given = new(
                [.. given.Heads, .. more.Heads], [.. given.Findings, .. more.Findings], [.. given.Notes, .. more.Notes]);
        }

        return given;
    }
}
