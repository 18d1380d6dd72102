using ClusterTrail.History.Reading;

namespace ClusterTrail.Kubectl.WebConsole;

/// <summary>A location that remembers what it listed, so that it need not be listed again.</summary>
sealed class ListedLocation(ILocation location) : ILocation
{
    readonly Dictionary<string, ArchiveObject> objects = [];

    internal IReadOnlyList<ArchiveObject> Objects => [.. objects.Values];

    public async Task<Listing> ListAsync(ObjectScope scope, CancellationToken cancellationToken)
    {
        var listing = await location.ListAsync(scope, cancellationToken);
        foreach (var one in listing.Objects.Where(scope.Has))
            objects.TryAdd(one.Key, one);
        return listing;
    }

    public Task<ObjectStream> OpenAsync(ArchiveObject archiveObject, CancellationToken cancellationToken) =>
        location.OpenAsync(archiveObject, cancellationToken);
}
