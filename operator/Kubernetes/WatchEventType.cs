namespace ClusterTrail.Kubernetes;

public enum WatchEventType
{
    /// <summary>The object was created or changed.</summary>
    Applied,

    /// <summary>The object was deleted, or no longer matches the query.</summary>
    Deleted,

    /// <summary>Nothing but how far the watch has come.</summary>
    Bookmark,
}
