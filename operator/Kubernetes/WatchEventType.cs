namespace ClusterTrail.Kubernetes;

public enum WatchEventType
{
    /// <summary>The object was created or changed.</summary>
    Applied,

    /// <summary>The object is gone, or no longer one of those asked for.</summary>
    Deleted,

    /// <summary>Nothing but how far the watch has come.</summary>
    Bookmark,
}
