namespace ClusterTrail.Kubernetes;

/// <summary>Makes an object go when its owner goes.</summary>
public sealed record OwnerReference(
    string ApiVersion, string Kind, string Name, string Uid, bool? Controller = null, bool? BlockOwnerDeletion = null)
{
    public static OwnerReference To<T>(T owner) where T : Resource, IResource<T> => new(
        T.Definition.ApiVersion, T.Definition.Kind, owner.Metadata.Name,
        owner.Metadata.Uid ?? throw new ArgumentException($"{owner} has no uid, so it was not read from the cluster.", nameof(owner)),
        Controller: true, BlockOwnerDeletion: true);
}
