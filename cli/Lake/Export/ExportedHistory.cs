using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Lake.Query;

namespace ClusterTrail.Lake.Export;

/// <summary>An export whose records are searched one by one, as they are in the archive.</summary>
/// <remarks>Guarantee: of a bucket only the files that are being read are in memory.</remarks>
sealed class ExportedHistory : IHistory, IDisposable
{
    readonly IExportFiles export;
    readonly ExportState state;
    readonly string conditions;
    readonly EventDatabase database = EventDatabase.WithoutRows();

    ExportedHistory(IExportFiles export, ExportState state, string conditions) =>
        (this.export, this.state, this.conditions) = (export, state, conditions);

    /// <param name="export">It has been found to be one.</param>
    /// <param name="node">Null for all.</param>
    /// <param name="range">Records of other times are not read.</param>
    /// <param name="cancellationToken">It ends at once.</param>
    /// <exception cref="TrailException">It is not an export that has whole records.</exception>
    internal static async Task<ExportedHistory> OpenAsync(
        IExportFiles export, string? node, TimeRange range, CancellationToken cancellationToken)
    {
        var state = await ExportedEvents.StateAsync(export, "lookup", cancellationToken);
        return new(export, state, string.Join(" AND ", ExportedEvents.Conditions(node, range)));
    }

    public Task<IReadOnlyList<ObjectSpan>> ListAsync(
        ObjectScope scope, Action<TrailException> report, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ObjectSpan>>(
        [
            .. from file in state.Files
               let partition = Partition.OfFile(file)
               where (scope.Cluster ?? partition.Cluster, scope.Trail ?? partition.Trail) == (partition.Cluster, partition.Trail)
               select new ObjectSpan(new($"{export.Name}/{file}", file, null), partition.First, partition.Last),
        ]);

    public async Task ReadAsync(
        ArchiveObject one, Func<ReadOnlyMemory<byte>, bool> take, Action<TrailException> report, CancellationToken cancellationToken)
    {
        var held = new List<IDisposable>();
        try
        {
            var path = await ExportedEvents.PathAsync(export, one.Key, held, cancellationToken);
            using var session = database.Connect();
            using var records = session.RunPlain(
                $"SELECT record::VARCHAR FROM read_parquet({ExportedEvents.Text(path)}) WHERE {conditions}", null, cancellationToken);
            foreach (var record in records.Read())
                take(Encoding.UTF8.GetBytes((string)record[0]!));
        }
        catch (TrailException e)
        {
            report(e.Message.Contains(one.Name, StringComparison.Ordinal) ? e : new(e.ExitCode, $"{one.Name}: {e.Message}", e));
        }
        finally
        {
            held.ForEach(file => file.Dispose());
        }
    }

    public void Dispose() => database.Dispose();
}
