using System.Globalization;
using System.Text;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract;

/// <summary>Whether the names of objects that a configuration makes can be in its sink: found now, and not by the first batch.</summary>
static class ObjectNameValidation
{
    /// <summary>The longest key that S3 takes, in bytes.</summary>
    const int MostKeyBytes = 1024;

    /// <summary>The longest name of a file or folder, in bytes: NAME_MAX.</summary>
    public const int MostPartBytes = 255;

    /// <summary>The longest path, in bytes: PATH_MAX without its end.</summary>
    public const int MostPathBytes = 4095;

    // "events/cluster=/trail=/date=2026-01-31/node=/", and "235959999--9223372036854775807-0123456789abcdef.ndjson.zst.cms".
    const int OthersBytes = 45 + 62;

    // "digests/cluster=/trail=/date=2026-01-31/node=/", and "235959999--9223372036854775807-0123456789abcdef.json".
    const int OthersOfDigestBytes = 46 + 52;

    // A file is written as ".NAME.tmp" first.
    const int TemporaryBytes = 5;

    public static void Check(AgentConfiguration agent, Problems problems)
    {
        // A part that is invalid itself is reported elsewhere.
        if (Names(agent).Any(part => part.Value.Length > 0 && !AgentValidation.IsName(part.Value)))
        {
            return;
        }

        var source = agent.Sources.Select(source => Bytes(source.Name)).DefaultIfEmpty().Max();
        var integrity = agent.Integrity ?? new();
        var longest = Math.Max(source + OthersBytes, integrity.Enabled ? Bytes(integrity.Chain) + OthersOfDigestBytes : 0);
        var name = Names(agent).Sum(part => Bytes(part.Value)) + longest;
        if (agent.Sink.S3 is { } s3)
        {
            var key = name + (s3.Prefix.Length == 0 ? 0 : Bytes(s3.Prefix) + 1);
            CheckWhole([("sink.s3.prefix", s3.Prefix), .. Names(agent)], key, MostKeyBytes, "S3 takes keys", problems);
        }
        else if (agent.Sink.Directory is { } directory)
        {
            var path = name + Bytes(directory.Path) + 1 + TemporaryBytes;
            CheckFolders(agent, problems);
            CheckWhole([("sink.directory.path", directory.Path), .. Names(agent)], path, MostPathBytes, "a folder takes paths", problems);
        }
    }

    /// <summary>The longest name that may be made of a bare file system path.</summary>
    public static bool CanBePath(string path, int reserved = 0) =>
        !path.Any(char.IsControl)
        && Bytes(path) + reserved <= MostPathBytes
        && path.Split('/').All(part => Bytes(part) <= MostPartBytes);

    static void CheckFolders(AgentConfiguration agent, Problems problems)
    {
        foreach (var (field, value) in Names(agent))
        {
            // The folder is called "cluster=prod", "trail=main" or "node=cp-1".
            var most = MostPartBytes - (field == "clusterName" ? "cluster=" : field == "trail" ? "trail=" : "node=").Length;
            if (Bytes(value) > most)
            {
                problems.AddText(
                    field, $"is {Bytes(value)} bytes long; allowed: at most {most} with a Directory sink, since it is in a folder's name.");
            }
        }
    }

    static void CheckWhole(List<(string Field, string Value)> parts, int bytes, int most, string who, Problems problems)
    {
        if (bytes <= most)
        {
            return;
        }

        var longest = parts.MaxBy(part => Bytes(part.Value));
        var others = string.Join(", ", parts.Where(part => part != longest && part.Value.Length > 0).Select(part => part.Field));
        problems.AddText(longest.Field, string.Create(
            CultureInfo.InvariantCulture,
            $"makes objects' names too long: with {others} they have up to {bytes} bytes, and {who} of at most {most}; "
            + $"allowed: {bytes - most} bytes less."));
    }

    static List<(string Field, string Value)> Names(AgentConfiguration agent) =>
        [("clusterName", agent.ClusterName), ("trail", agent.Trail), ("nodeName", agent.NodeName ?? "")];

    static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);
}
