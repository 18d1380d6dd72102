using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Kubectl.Printing;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Kubectl.Lookup;

/// <summary>Answers a lookup.</summary>
sealed class LookupRun(ILocation location, ObjectReader reader, IRecordPrinter printer, SearchProgress progress)
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    internal async Task RunAsync(LookupRequest request, Action<string> writeLine, CancellationToken cancellationToken)
    {
        try
        {
            if (request.Around is { } id)
                request = await AroundAsync(request, id, cancellationToken);
            if (request.Follows)
                await FollowAsync(request, cancellationToken);
            else
                await OnceAsync(request, writeLine, cancellationToken);
        }
        finally
        {
            progress.Flush();
        }
    }

    async Task OnceAsync(LookupRequest request, Action<string> writeLine, CancellationToken cancellationToken)
    {
        var printed = await PrintAsync(request, await ListAsync(request.Scope, cancellationToken), cancellationToken);
        if (printed == 0)
            writeLine("No record was found.");
        else if (printed == request.Limit)
            writeLine($"These are the {(request.Query.IsNewestFirst ? "newest" : "oldest")} {printed}; there may be more: --limit 0 shows all.");
    }

    async Task FollowAsync(LookupRequest request, CancellationToken cancellationToken)
    {
        var known = new HashSet<string>();
        while (true)
        {
            try
            {
                var arrived = (await ListAsync(request.Scope, cancellationToken)).Where(one => known.Add(one.Key)).ToList();
                await PrintAsync(request, arrived, cancellationToken);
            }
            // A store that is away for a while comes back.
            catch (TrailException e) when (known.Count > 0)
            {
                progress.Report(e);
            }

            progress.Flush();
            await Task.Delay(Pause, cancellationToken);
        }
    }

    async Task<int> PrintAsync(LookupRequest request, IReadOnlyList<ArchiveObject> objects, CancellationToken cancellationToken)
    {
        var (search, printed) = (new HistorySearch(location, reader, request.Query, progress), 0);
        try
        {
            await foreach (var record in search.RunAsync(objects, cancellationToken))
            {
                printer.TryPrint(record.Line);
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

    async Task<IReadOnlyList<ArchiveObject>> ListAsync(ObjectScope scope, CancellationToken cancellationToken)
    {
        var listing = await location.ListAsync(scope, cancellationToken);
        foreach (var skipped in listing.Skipped)
            progress.Report(skipped);
        return reader.Openable([.. listing.Objects.Where(scope.Has)], progress.Report);
    }

    async Task<LookupRequest> AroundAsync(LookupRequest request, string id, CancellationToken cancellationToken)
    {
        var byId = new SearchQuery(
            request.Query.Range, new RecordTest.OfTexts([id], static (in record) => record.Id), IsNewestFirst: true);
        var objects = await ListAsync(request.Scope, cancellationToken);
        await foreach (var found in new HistorySearch(location, reader, byId, progress).RunAsync(objects, cancellationToken))
        {
            var range = new TimeRange(found.Time - request.Window, found.Time + request.Window);
            List<RecordTest> tests = [Alike(found.Line), .. request.Query.Test is { } asked ? [asked] : Array.Empty<RecordTest>()];
            return request with
            {
                Query = new(range, new RecordTest.All(tests), IsNewestFirst: false),
                Scope = HistorySearch.Scope(range, request.Scope.Cluster, request.Scope.Trail, request.Scope.Node),
            };
        }

        throw new TrailException(ExitCode.BadUsage, $"--around {id}: no record with this eventID was found.");
    }

    // By the same person, from the same address, or on the same object.
    static RecordTest.Any Alike(byte[] line)
    {
        RecordView.TryRead(line, new JsonIndex(), out var record);
        List<RecordTest> tests = [new RecordTest.OfTexts([Text(record.Id)], static (in record) => record.Id)];
        if (!record.UserName.IsEmpty)
            tests.Add(Questions.User([Text(record.UserName)]));
        if (!record.Address.IsEmpty)
            tests.Add(Questions.Address([Text(record.Address)]));
        if (Text(record.TextAt(record.ObjectRef, "name"u8)) is { Length: > 0 } name)
        {
            var kind = new ResourceTest(Text(record.TextAt(record.ObjectRef, "resource"u8)));
            var space = Text(record.TextAt(record.ObjectRef, "namespace"u8));
            tests.Add(new RecordTest.All([kind, Questions.Name([name]), .. space.Length > 0 ? [Questions.Namespace([space])] : Array.Empty<RecordTest>()]));
        }

        return new RecordTest.Any(tests);
    }

    static string Text(ReadOnlySpan<byte> written)
    {
        var plain = new byte[written.Length];
        return Encoding.UTF8.GetString(plain.AsSpan(0, JsonEscapes.Unescape(written, plain)));
    }
}
