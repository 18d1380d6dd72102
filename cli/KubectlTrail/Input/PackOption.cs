using System.CommandLine;
using ClusterTrail.Contract.Detections;
using ClusterTrail.History.Reading;

namespace ClusterTrail.Kubectl.Input;

/// <summary><c>--pack</c>.</summary>
static class PackOption
{
    internal static Option<string[]> Build() =>
        new("--pack") { Description = "Use only the rules of this pack. Can be repeated.", HelpName = "PACK" };

    /// <exception cref="TrailException">There is no such pack.</exception>
    internal static void Check(IEnumerable<string> packs)
    {
        if (packs.FirstOrDefault(pack => Packs.All.All(known => known.Name != pack)) is { } unknown)
            throw new TrailException(
                ExitCode.BadUsage, $"There is no pack {unknown}; allowed: {string.Join(", ", Packs.All.Select(pack => pack.Name))}");
    }
}
