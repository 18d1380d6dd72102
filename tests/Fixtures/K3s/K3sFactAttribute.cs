using System.Runtime.CompilerServices;

namespace ClusterTrail.Fixtures.K3s;

/// <summary>A test that needs real nodes: it runs only when k3s was chosen, and is otherwise neither passed nor skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class K3sFactAttribute : FactAttribute
{
    public K3sFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Explicit = !K3sCluster.IsChosen;
}
