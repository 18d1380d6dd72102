namespace ClusterTrail.Kubectl.Tests;

/// <summary>The source tree that the tests were built from.</summary>
static class Repository
{
    internal static string PathOf(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The repository's root is not above the tests.");
        return Path.Combine([folder.FullName, .. parts]);
    }
}
