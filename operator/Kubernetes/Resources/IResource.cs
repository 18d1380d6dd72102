namespace ClusterTrail.Kubernetes;

/// <summary>A resource that knows its own type.</summary>
public interface IResource<TSelf> where TSelf : Resource, IResource<TSelf>
{
    static abstract ResourceType Definition { get; }
}
