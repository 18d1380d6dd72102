using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Lake.Query;

namespace ClusterTrail.Lake.Export;

/// <summary>Writes the objects of an archive that an export does not have yet to files that other engines read.</summary>
/// <remarks>
/// Guarantees: each object is in an export once, however often an export is interrupted; memory does not depend on the archive's size.
/// An object that cannot be read whole is not in it, not even in part, and is tried again by the next export.
/// </remarks>
sealed class ArchiveExport(ArchiveSource source, IExportTarget target, ExportSettings settings, DatabaseOptions options)
{
    // Records of one group of files. In memory they take three times as much.
    const long MostBytes = 256L << 20;
    const int HashDigits = 16;

    // Objects that are read before it is looked whether the group is full.
    const int Step = 8;

    long GroupBytes => Math.Min(MostBytes, options.MemoryBytes / 6);

    internal async Task<ExportResult> RunAsync(TimeRange range, CancellationToken cancellationToken)
    {
        var state = await ExportState.OpenAsync(target, settings, cancellationToken);
        var spans = await ArchiveLoad.ListAsync(source, range, cancellationToken);
        var missing = spans.Where(span => !state.Has(NameOf(span.Object)))
            .OrderBy(span => (span.Object.Batch?.Cluster, span.Object.Batch?.Trail)).ThenBy(span => span.First).ThenBy(span => span.Object)
            .ToList();
        source.Observer.Found(missing.Count);
        var result = new ExportResult(0, 0, spans.Count - missing.Count, 0);
        for (var done = 0; done < missing.Count;)
        {
            var group = await ReadAsync(missing, done, cancellationToken);
            using var database = group.Database;
            var commit = await WriteAsync(state, group, cancellationToken);
            if (commit.Objects.Count > 0)
                await state.CommitAsync(target, commit, cancellationToken);
            done = group.End;
            result = result with
            {
                Objects = result.Objects + commit.Objects.Count,
                Files = result.Files + commit.Files.Count,
                Nameless = result.Nameless + Nameless(group, cancellationToken),
            };
        }

        return result;
    }

    // As many objects as make a group, from a place on. What was read of damaged ones is thrown away with its table: the rows of an object
    // cannot be told apart in it. An object that was whole may be damaged the next time, as by a bucket that fails now and then.
    async Task<Group> ReadAsync(List<ObjectSpan> spans, int start, CancellationToken cancellationToken)
    {
        var end = start;
        var (database, load) = await FillAsync(source, async load =>
        {
            while (end < spans.Count && load.Bytes < GroupBytes)
            {
                var some = spans.GetRange(end, Math.Min(Step, spans.Count - end));
                await load.RunAsync(some, cancellationToken);
                end += some.Count;
            }
        });
        var whole = Whole(spans[start..end], load);
        while (load.HasParts)
        {
            database.Dispose();
            (database, load) = await FillAsync(
                source with { Observer = new RereadObserver(source.Observer) }, again => again.RunAsync(whole, cancellationToken));
            whole = Whole(whole, load);
        }

        return new(database, end, [.. whole.Select(span => NameOf(span.Object))]);
    }

    async Task<(EventDatabase Database, ArchiveLoad Load)> FillAsync(ArchiveSource from, Func<ArchiveLoad, Task> fill)
    {
        ArchiveLoad? load = null;
        var database = await EventDatabase.FilledAsync(
            options, from.Columns, table => fill(load = new ArchiveLoad(from, TimeRange.All, table)));
        return (database, load!);
    }

    static List<ObjectSpan> Whole(List<ObjectSpan> spans, ArchiveLoad load)
    {
        var damaged = load.Damaged.ToHashSet();
        return spans.FindAll(span => !damaged.Contains(span.Object));
    }

    static long Nameless(Group group, CancellationToken cancellationToken)
    {
        using var session = group.Database.Connect();
        return (long)session.Get(Partition.NamelessQuery, cancellationToken).Single()[0]!;
    }

    async Task<ExportCommit> WriteAsync(ExportState state, Group group, CancellationToken cancellationToken)
    {
        using var session = group.Database.Connect();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', group.Objects))))[..HashDigits];
        var part = string.Create(CultureInfo.InvariantCulture, $"part-{state.Next:D8}-{hash}{settings.Ending}");
        var files = new List<string>();
        foreach (var partition in session.Get(Partition.Query, cancellationToken).Select(Partition.Of))
        {
            using var content = await PartWriter.WriteAsync(session, settings, partition.Where, cancellationToken);
            files.Add($"{partition.Folder}/{part}");
            await target.PutAsync(files[^1], content, isNew: false, cancellationToken);
        }

        return new(group.Objects, files);
    }

    // The same wherever the archive is.
    static string NameOf(ArchiveObject one) => one.Batch?.ToString() ?? one.Key;

    sealed record Group(EventDatabase Database, int End, IReadOnlyList<string> Objects);
}
