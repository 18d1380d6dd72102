using System.Globalization;
using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>What all signed objects have in common: a kind, a version, and whose they are.</summary>
public static class SignedContent
{
    /// <summary>The version that is written, unless something of a later one is in it.</summary>
    public const string Version = "1.0";

    /// <summary>That of digests with what the operator said of completeness.</summary>
    public const string CompletenessVersion = "1.1";

    /// <summary>The newest minor version of which a reader knows all members.</summary>
    internal const int NewestMinor = 1;

    /// <summary>The content's kind; what it is read by.</summary>
    /// <exception cref="DigestException">It has none.</exception>
    public static string KindOf(SignedObject signed) => new Members(signed.Content, "", int.MaxValue).Text("kind");

    internal static JsonObject Of(string kind, ChainOwner owner) => new()
    {
        ["kind"] = kind,
        ["version"] = Version,
        ["cluster"] = owner.Cluster,
        ["trail"] = owner.Trail,
        ["node"] = owner.Node,
        ["chain"] = owner.Chain,
    };

    internal static T Read<T>(SignedObject signed, string kind, Func<Members, ChainOwner, T> read)
    {
        var found = KindOf(signed);
        if (found != kind)
        {
            throw new DigestException(DigestFault.Malformed, $"kind is \"{found}\"; allowed: {kind}.");
        }

        var members = new Members(signed.Content, "", MinorVersion(signed));
        _ = (members.Text("kind"), members.Text("version"));
        var owner = new ChainOwner(members.Text("cluster"), members.Text("trail"), members.Text("node"), members.Text("chain"));
        var content = read(members, owner);
        members.End();
        return content;
    }

    static int MinorVersion(SignedObject signed)
    {
        var version = new Members(signed.Content, "", int.MaxValue).Text("version");
        return version.StartsWith("1.", StringComparison.Ordinal)
            && int.TryParse(version.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
                ? minor
                : throw new DigestException(
                    DigestFault.UnknownVersion, $"version is \"{version}\"; this reader knows 1.x. Use a newer one.");
    }
}
