using System.Collections.Concurrent;
using System.CommandLine;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Lake.Export;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Archives;

/// <summary>An archive of which only the objects are there that a verified digest names, as it names them.</summary>
/// <remarks>Caveat: an object is read again after it was verified. Who can replace it in between is not found.</remarks>
sealed class VerifiedLocation : ILocation
{
    readonly ILocation all;
    readonly SearchProgress problems;
    readonly ConcurrentDictionary<string, bool> proven = new(StringComparer.Ordinal);

    VerifiedLocation(ILocation all, SearchProgress problems) => (this.all, this.problems) = (all, problems);

    internal static Option<bool> Option { get; } = new("--verified")
    {
        Description = "Only objects that a verified digest names; needs --keys. Verifying reads them once more.",
    };

    internal static Option<string[]> Keys { get; } = new("--keys")
    {
        Description = "The operator's public key, as kubectl trail keys export prints it, for --verified. Can be repeated.",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
    };

    /// <summary>The location that a command names, verified; null if it does not ask for that.</summary>
    /// <param name="text">What it names.</param>
    /// <exception cref="TrailException">There is no archive, or no key is given.</exception>
    internal static async Task<ILocation?> OpenAsync(
        ParseResult arguments, string text, TimeRange range, SearchProgress problems, CancellationToken cancellationToken)
    {
        var keys = arguments.GetRequiredValue(Keys);
        return arguments.GetValue(Option) || keys.Length == 0
            ? await OpenAsync(arguments, text, range, keys, problems, cancellationToken)
            : throw new TrailException(ExitCode.BadUsage, "--keys is for --verified; give both.");
    }

    /// <summary>The same, of a command whose keys are for more than that.</summary>
    internal static async Task<ILocation?> OpenAsync(
        ParseResult arguments, string text, TimeRange range, IReadOnlyList<string> keys, SearchProgress problems,
        CancellationToken cancellationToken)
    {
        if (!arguments.GetValue(Option))
            return null;
        var options = S3Arguments.Of(arguments);
        if (keys.Count == 0)
            throw new TrailException(ExitCode.BadUsage, "--verified needs --keys FILE, the operator's public key.");
        if (await ExportedEvents.FindAsync(text, options, cancellationToken) is not null)
            throw IsExport(text, "--verified");
        var store = ArchiveRoot.Open(text, options);
        var location = new VerifiedLocation(Location.Parse(text, options), problems);
        await location.VerifyAsync(
            store, new(Scope(arguments, range), VerifyInput.Keys(keys, []), [], TimeProvider.System.GetUtcNow()), cancellationToken);
        return location;
    }

    /// <summary>What is wrong with an option that needs digests, with an export.</summary>
    internal static TrailException IsExport(string text, string option) => new(
        ExitCode.BadUsage, $"{text} is an export, and digests are of an archive's objects; omit {option}, or name the archive.");

    /// <inheritdoc/>
    public async Task<Listing> ListAsync(ObjectScope scope, CancellationToken cancellationToken)
    {
        var listing = await all.ListAsync(scope, cancellationToken);
        var objects = listing.Objects.Where(one => one.Batch is { } batch && proven.ContainsKey(batch.ToString())).ToList();
        var left = listing.Objects.Count - objects.Count;
        if (left > 0)
            problems.Report(new(
                ExitCode.Unreadable,
                $"{left} {(left == 1 ? "object is" : "objects are")} left out, because no verified digest names "
                    + $"{(left == 1 ? "it" : "them")} as it is. What arrived since the newest digest is among them."));
        return listing with { Objects = objects };
    }

    /// <inheritdoc/>
    public Task<ObjectStream> OpenAsync(ArchiveObject archiveObject, CancellationToken cancellationToken) =>
        all.OpenAsync(archiveObject, cancellationToken);

    // A batch that holds a time may have begun a day before, and be in a digest of a day after.
    static ArchiveScope Scope(ParseResult arguments, TimeRange range) => new(
        RangeOptions.ClusterOf(arguments), RangeOptions.TrailOf(arguments), RangeOptions.NodeOf(arguments),
        range.Since is { } since ? ObjectSpan.Earlier(since, TimeSpan.FromDays(1)) : null,
        range.Until is { } until ? ObjectSpan.Later(until, TimeSpan.FromDays(1)) : null);

    async Task VerifyAsync(IArchiveStore store, VerificationOptions options, CancellationToken cancellationToken)
    {
        VerificationResult result;
        try
        {
            result = await new Verifier(store, options with { Proven = name => proven[name] = true }, new VerificationProgress(problems.Bar))
                .VerifyAsync(cancellationToken);
        }
        catch (StoreException e)
        {
            throw new TrailException(ExitCode.Unreadable, e.Message, e);
        }

        if (result.Gravest(strict: false) is { } gravest)
            problems.Report(new(
                ExitCode.Unreadable,
                $"The archive is not as its digests say: {ReportText.Counts([.. result.Findings.Counts.Where(one => one.Kind.Fails())])}. "
                    + $"The gravest is {gravest}; kubectl trail verify names each."));
    }
}
