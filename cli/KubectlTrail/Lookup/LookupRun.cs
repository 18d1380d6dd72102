using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Kubectl.Printing;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Lookup;

/// <summary>Answers a lookup.</summary>
sealed class LookupRun(IHistory history, IRecordPrinter printer, SearchProgress progress)
{
    static readonly TimeSpan BetweenRounds = TimeSpan.FromSeconds(5);

    internal async Task RunAsync(LookupRequest request, Action<string> writeLine, CancellationToken cancellationToken)
    {
        try
        {
            if (request.Around is { } id)
                request = await AroundAsync(request, id, cancellationToken);
            if (request.Follows)
                await FollowAsync(request, writeLine, () => Task.Delay(BetweenRounds, cancellationToken), cancellationToken);
            else
                await OnceAsync(request, writeLine, cancellationToken);
        }
        finally
        {
            progress.Flush();
        }
    }

    /// <summary>Does not end by itself: neither a store that is away for a while, nor an archive that is empty yet, ends it.</summary>
    internal async Task FollowAsync(
        LookupRequest request, Action<string> writeLine, Func<Task> pause, CancellationToken cancellationToken)
    {
        var (followed, problems, hasListed) = (new FollowedHistory(history), new LastingProblems(progress, writeLine), false);
        while (true)
        {
            try
            {
                var spans = await followed.ListAsync(request.Scope, problems.AddLasting, cancellationToken);
                hasListed = true;
                await PrintAsync(request, followed, spans, problems, cancellationToken);
            }
            catch (TrailException e) when (hasListed || e is EmptyLocationException)
            {
                problems.AddLasting(e);
            }

            problems.EndRound();
            await pause();
        }
    }

    async Task OnceAsync(LookupRequest request, Action<string> writeLine, CancellationToken cancellationToken)
    {
        var spans = await history.ListAsync(request.Scope, progress.Report, cancellationToken);
        var printed = await PrintAsync(request, history, spans, progress, cancellationToken);
        if (printed == 0)
            writeLine("No record was found.");
        else if (printed == request.Limit)
        {
            var which = request.Query.IsNewestFirst ? "newest" : "oldest";
            writeLine($"These are the {which} {printed}; there may be more: --limit 0 shows all.");
        }
    }

    async Task<int> PrintAsync(
        LookupRequest request, IHistory searched, IReadOnlyList<ObjectSpan> spans, ISearchObserver observer,
        CancellationToken cancellationToken)
    {
        var (search, printed) = (new HistorySearch(searched, request.Query, observer), 0);
        try
        {
            await foreach (var record in search.RunAsync(spans, cancellationToken))
            {
                if (!printer.TryPrint(record.Line))
                    observer.Report(new(ExitCode.Unreadable, $"A record of {record.Time:O} cannot be shown like this: use -o json."));
                if (++printed == request.Limit)
                    break;
            }
        }
        finally
        {
            printer.Flush();
        }

        return printed;
    }

    // An id does not say when: the objects are searched, the newest first, until one has it.
    async Task<LookupRequest> AroundAsync(LookupRequest request, string id, CancellationToken cancellationToken)
    {
        var test = new RecordTest.OfTexts([new TextPattern(id, isLiteral: true)], static (in record) => record.Id);
        var byId = new SearchQuery(request.Query.Range, test, IsNewestFirst: true) with { IsOfAnyOrder = true };
        var spans = await history.ListAsync(request.Scope, progress.Report, cancellationToken);
        await foreach (var found in new HistorySearch(history, byId, progress).RunAsync(spans, cancellationToken))
        {
            var range = new TimeRange(ObjectSpan.Earlier(found.Time, request.Window), ObjectSpan.Later(found.Time, request.Window));
            List<RecordTest> tests = [AlikeTest.Of(found.Line), .. request.Query.Test is { } asked ? [asked] : Array.Empty<RecordTest>()];
            return request with
            {
                Query = new(range, new RecordTest.All(tests), IsNewestFirst: false),
                Scope = HistorySearch.Scope(range, request.Scope.Cluster, request.Scope.Trail, request.Scope.Node),
            };
        }

        throw new TrailException(ExitCode.BadUsage, $"--around {id}: no record with this eventID was found.");
    }
}
