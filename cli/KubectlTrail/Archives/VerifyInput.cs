using ClusterTrail.Archive.Digests;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.History.Reading;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Keys;

namespace ClusterTrail.Kubectl.Archives;

/// <summary>Reads what the options of <c>verify</c> name.</summary>
static class VerifyInput
{
    /// <exception cref="TrailException">A file cannot be read, or has something else than public keys.</exception>
    internal static TrustedKeys Keys(IEnumerable<string> operators, IEnumerable<string> agents)
    {
        var named = Keys("--keys", operators);
        return new([.. named.Select(one => one.Key).Distinct()], [.. Keys("--agent-keys", agents).Select(one => one.Key).Distinct()])
        {
            // Where a key stands once without a cluster, it counts for all.
            Clusters = named.GroupBy(one => one.Key.Id).Where(key => key.All(one => one.Cluster is not null))
                .ToDictionary(key => key.Key, IReadOnlyList<string> (key) => [.. key.Select(one => one.Cluster!)]),
        };
    }

    /// <exception cref="TrailException">The file cannot be read, or has something else than heads.</exception>
    internal static IReadOnlyList<KnownHead> Heads(IEnumerable<string> paths) =>
        [.. paths.SelectMany(path =>
        {
            try
            {
                return HeadsFile.Read(NamedFile.Read(path, NamedFile.MostInputBytes).Span, path);
            }
            catch (InvalidDataException e)
            {
                throw new TrailException(ExitCode.BadUsage, $"--heads {path} cannot be used: {e.Message}", e);
            }
        })];

    static IReadOnlyList<(VerifyingKey Key, string? Cluster)> Keys(string option, IEnumerable<string> paths) =>
        [.. paths.SelectMany(path =>
        {
            try
            {
                return TrustedKeys.Read(NamedFile.Read(path, NamedFile.MostKeyBytes).Span);
            }
            catch (KeyRefusedException e)
            {
                throw new TrailException(ExitCode.BadUsage, $"{option} {path} cannot be used: {e.Message}", e);
            }
        })];
}
