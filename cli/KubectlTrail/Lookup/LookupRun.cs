using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Kubectl.Printing;
using ClusterTrail.Kubectl.Shared;
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
        {
            var which = request.Query.IsNewestFirst ? "newest" : "oldest";
            writeLine($"These are the {which} {printed}; there may be more: --limit 0 shows all.");
        }
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
                if (!printer.TryPrint(record.Line))
                    progress.Report(new(ExitCode.Unreadable, $"A record of {record.Time:O} cannot be shown like this: use -o json."));
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
            var range = new TimeRange(ObjectSpan.Earlier(found.Time, request.Window), ObjectSpan.Later(found.Time, request.Window));
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
        RecordView.TryRead(line, new JsonIndex(JsonIndex.MaxDepth + 1), out var record);
        List<RecordTest> tests = [Literal(record.Id, static (in record) => record.Id)];
        if (!record.UserName.IsEmpty)
            tests.Add(Literal(record.UserName, static (in record) => record.UserName, static (in record) => record.ActingAs));
        if (!record.Address.IsEmpty)
            tests.Add(Literal(record.Address, static (in record) => record.Address));
        if (!OfObject(record, "name"u8).IsEmpty)
        {
            List<RecordTest> parts = [Literal(OfObject(record, "name"u8), static (in record) => OfObject(record, "name"u8))];
            if (!OfObject(record, "resource"u8).IsEmpty)
                parts.Add(Literal(OfObject(record, "resource"u8), static (in record) => OfObject(record, "resource"u8)));
            if (!OfObject(record, "namespace"u8).IsEmpty)
                parts.Add(Literal(OfObject(record, "namespace"u8), static (in record) => OfObject(record, "namespace"u8)));
            tests.Add(new RecordTest.All(parts));
        }

        return new RecordTest.Any(tests);
    }

    static ReadOnlySpan<byte> OfObject(in RecordView record, ReadOnlySpan<byte> name) => record.TextAt(record.ObjectRef, name);

    // What stands in a record is no pattern.
    static RecordTest.OfTexts Literal(ReadOnlySpan<byte> written, params IReadOnlyList<RecordTest.Reader> readers) =>
        new([new TextPattern(Text(written), isLiteral: true)], readers);

    static string Text(ReadOnlySpan<byte> written)
    {
        var plain = new byte[written.Length];
        return Encoding.UTF8.GetString(plain.AsSpan(0, JsonEscapes.Unescape(written, plain)));
    }
}
