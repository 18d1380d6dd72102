namespace ClusterTrail.Testing;

/// <summary>Who owns fields: the same name owns those applied, those saved and those of the status apart.</summary>
sealed record FieldOwner(string Manager, bool Applies, bool OfStatus);
