using ClusterTrail.History.Reading;

namespace ClusterTrail.Kubectl.WebConsole;

/// <summary>A location that remembers what it listed last, so that it need not be listed again.</summary>
sealed class ListedLocation(ILocation location) : ILocation
{
    internal IReadOnlyList<ArchiveObject> Objects { get; private set; } = [];

    public async Task<Listing> ListAsync(ObjectScope scope, CancellationToken cancellationToken)
    {
        var listing = await location.ListAsync(scope, cancellationToken);
        Objects = [.. listing.Objects.Where(scope.Has)];
        return listing;
    }

    public Task<ObjectStream> OpenAsync(ArchiveObject archiveObject, CancellationToken cancellationToken) =>
        location.OpenAsync(archiveObject, cancellationToken);
}
