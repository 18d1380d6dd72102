using System.Text.Json;
using System.Text.Json.Serialization;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>What a verifier that follows an archive has to remember.</summary>
/// <remarks>
/// Guarantee: each finding counts once as long as it lasts, however often it is found, also across restarts; if it was gone when everything
/// was verified and comes back, it counts again.
/// </remarks>
sealed class FollowerState(string? folder)
{
    const string FileName = "verifier.json";

    // They come and go in an archive that grows.
    static readonly FindingKind[] Passing = [FindingKind.NotSealed, FindingKind.NotDelivered];

    static readonly FileStreamOptions Private = new()
    {
        Mode = FileMode.Create,
        Access = FileAccess.Write,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    };

    readonly Dictionary<ArchiveNode, FollowedNode> nodes = [];
    readonly Dictionary<string, long> archive = [];
    readonly SeenFindings seen = new();

    internal FollowedHeads Heads { get; } = new();

    /// <summary>Whether there was no digest at all in the last round.</summary>
    internal bool IsNothingFound { get; private set; }

    /// <summary>Findings of no node, by kind.</summary>
    internal IReadOnlyDictionary<string, long> Archive
    {
        get
        {
            lock (nodes)
                return new Dictionary<string, long>(archive);
        }
    }

    internal DateTimeOffset? LastWhole { get; private set; }

    internal IReadOnlyList<FollowedNode> Nodes
    {
        get
        {
            lock (nodes)
                return [.. nodes.Values];
        }
    }

    /// <exception cref="TrailException">The state cannot be read.</exception>
    internal static FollowerState Load(string? folder)
    {
        var state = new FollowerState(folder);
        if (folder is null || !File.Exists(Path.Combine(folder, FileName)))
            return state;
        try
        {
            var saved = Parse(File.ReadAllBytes(Path.Combine(folder, FileName)));
            state.LastWhole = saved.LastWhole;
            foreach (var node in saved.Nodes)
                state.nodes[node.Node] = node;
            state.seen.Add(saved.Seen);
            state.Heads.Add(saved.Heads ?? []);
            foreach (var (kind, count) in saved.Archive ?? [])
                state.archive[kind] = count;
            return state;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new TrailException(
                ExitCode.BadUsage, $"--state {folder}: {FileName} cannot be read: {e.Message}; move it away to verify everything anew", e);
        }
    }

    static SavedState Parse(byte[] json)
    {
        var saved = JsonSerializer.Deserialize(json, FollowerJson.Default.SavedState);
        // A list may hold null, whatever its type says.
        return saved is not null && saved.Nodes.All(node => node is not null) && saved.Seen.All(one => one is not null)
            && saved.Heads?.All(head => head is not null) != false
            ? saved
            : throw new JsonException("it has null where there must be a value");
    }

    internal IReadOnlyDictionary<ArchiveNode, DateTimeOffset> Places(TimeSpan overlap) =>
        Nodes.Where(node => node.Place is not null).ToDictionary(node => node.Node, node => node.Place!.Value.AddSafely(-overlap));

    /// <summary>Takes what a round found, and returns what was not known before.</summary>
    /// <param name="isWhole">Whether it verified everything.</param>
    /// <param name="hasHeads">Whether it has read the heads that are known from elsewhere.</param>
    internal IReadOnlyList<ArchiveFinding> Take(VerificationResult result, bool isWhole, bool hasHeads, DateTimeOffset now)
    {
        var news = result.Findings.Findings
            .Where(finding => finding.Kind != FindingKind.NothingFound && !Passing.Contains(finding.Kind) && seen.IsNew(finding)).ToList();
        if (isWhole && hasHeads)
            seen.ForgetGone(result);
        // In the period of a round there may be no digest; here there is none at all.
        var isNothingFound = result.Chains.Count == 0;
        if (isNothingFound && !IsNothingFound)
            news.Add(new(FindingKind.NothingFound, null, null, result.Location, FindingKind.NothingFound.Meaning()));
        IsNothingFound = isNothingFound;
        Heads.Take(result);
        lock (nodes)
        {
            foreach (var node in result.Nodes.Concat(news.Select(finding => finding.Node).OfType<ArchiveNode>()).Distinct())
                nodes[node] = Next(node, result, isWhole, news);
            foreach (var finding in news.Where(finding => finding.Node is null))
                archive[$"{finding.Kind}"] = archive.GetValueOrDefault($"{finding.Kind}").AddSafely(finding.Count);
        }

        LastWhole = isWhole ? now : LastWhole;
        return news;
    }

    /// <exception cref="TrailException">The state cannot be written.</exception>
    internal void Save()
    {
        if (folder is null)
            return;
        try
        {
            Directory.CreateDirectory(folder);
            var temporary = Path.Combine(folder, $".{FileName}.tmp");
            using (var file = new FileStream(temporary, Private))
            {
                JsonSerializer.Serialize(file, new(LastWhole, Nodes, seen.Saved, Heads.All, new(Archive)), FollowerJson.Default.SavedState);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, Path.Combine(folder, FileName), overwrite: true);
        }
        catch (Exception e) when (WriteFailure.Is(e))
        {
            throw new TrailException(ExitCode.Unreadable, $"--state {folder} cannot be written: {WriteFailure.Reason(e)}", e);
        }
    }

    FollowedNode Next(ArchiveNode node, VerificationResult result, bool isWhole, List<ArchiveFinding> news)
    {
        var before = nodes.GetValueOrDefault(node) ?? new(node, null, null, null, false, []);
        var newest = result.Chains.Where(chain => chain.Node == node && chain.IsNewest).ToList();
        // Whoever can write to the archive can put a chain there that says anything.
        var chains = newest.Any(chain => chain.IsKnown) ? newest.Where(chain => chain.IsKnown).ToList() : newest;
        var fails = result.Findings.CountsOf(node).Any(one => one.Kind.Fails());
        var failed = fails || (before.HasFailed && !isWhole);
        var counts = new Dictionary<string, long>(before.Findings);
        foreach (var finding in news.Where(finding => finding.Node == node))
            counts[$"{finding.Kind}"] = counts.GetValueOrDefault($"{finding.Kind}").AddSafely(finding.Count);
        var until = chains.Min(chain => chain.VerifiedUntil) ?? before.VerifiedUntil;
        return before with
        {
            Place = chains.Min(chain => chain.Until) ?? before.Place,
            LastDigest = chains.Min(chain => (DateTimeOffset?)chain.LastUntil) ?? before.LastDigest,
            VerifiedUntil = !failed || before.VerifiedUntil is null ? until : before.VerifiedUntil < until ? before.VerifiedUntil : until,
            HasFailed = failed,
            Findings = counts,
        };
    }
}

/// <summary>The state as it is written.</summary>
/// <param name="Seen">As <see cref="SeenFindings"/> keeps them.</param>
/// <param name="Heads">Null: an earlier version wrote it.</param>
/// <param name="Archive">As <paramref name="Heads"/>.</param>
sealed record SavedState(
    DateTimeOffset? LastWhole, IReadOnlyList<FollowedNode> Nodes, IReadOnlyList<string> Seen,
    IReadOnlyList<FollowedHead>? Heads = null, Dictionary<string, long>? Archive = null);

[JsonSerializable(typeof(SavedState))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
sealed partial class FollowerJson : JsonSerializerContext;
