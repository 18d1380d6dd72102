using ClusterTrail.Kubernetes;

namespace ClusterTrail.Testing.Nodes;

/// <summary>Others write too. Who is late looks again in the next round.</summary>
static class Races
{
    public static async Task LoseAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (KubernetesException e) when (e.IsConflict || e.IsNotFound)
        {
        }
    }
}
