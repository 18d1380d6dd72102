namespace ClusterTrail.Operator.Anchors;

/// <summary>Where anchors are: small objects that are replaced, each only by who has seen what was there.</summary>
interface IAnchorStore : IDisposable
{
    /// <summary>For people.</summary>
    string Description { get; }

    /// <returns>The object and the tag of its content; null if there is none.</returns>
    /// <exception cref="AnchorException">It cannot be read.</exception>
    Task<(byte[] Bytes, string Tag)?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Replaces the object.</summary>
    /// <param name="tag">Of what is there; null: nothing is.</param>
    /// <returns>The tag of what is there now.</returns>
    /// <exception cref="AnchorException">
    /// It was not written, or something else is there (<see cref="AnchorException.IsConflict"/>).
    /// </exception>
    Task<string> WriteAsync(string name, byte[] bytes, string? tag, CancellationToken cancellationToken);
}
