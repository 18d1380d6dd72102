namespace ClusterTrail.Rules.Events;

/// <summary>What the name of an authenticated service account says: <c>system:serviceaccount:NAMESPACE:NAME</c>.</summary>
static class ServiceAccount
{
    static ReadOnlySpan<byte> Prefix => "system:serviceaccount:"u8;

    /// <summary>The namespace; nothing when the user is no service account.</summary>
    public static ReadOnlySpan<byte> NamespaceOf(ReadOnlySpan<byte> userName) =>
        Colon(userName, out var rest) is >= 0 and var at ? rest[..at] : default;

    /// <summary>The name; nothing when the user is no service account.</summary>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> userName) =>
        Colon(userName, out var rest) is >= 0 and var at ? rest[(at + 1)..] : default;

    // Neither a namespace nor a name has a colon.
    static int Colon(ReadOnlySpan<byte> userName, out ReadOnlySpan<byte> rest)
    {
        rest = userName.StartsWith(Prefix) ? userName[Prefix.Length..] : default;
        return rest.IndexOf((byte)':');
    }
}
