using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;

namespace ClusterTrail.Kubectl.Tests.Lookup;

/// <summary>An archive in memory that is another in each round.</summary>
sealed class ChangingHistory : IHistory
{
    readonly Dictionary<string, string[]> objects = [];
    readonly List<TrailException> unlisted = [];

    /// <summary>How many records of an object come before it fails.</summary>
    internal Dictionary<string, int> Failing { get; } = [];

    /// <summary>Nothing can be listed.</summary>
    internal TrailException? Away { get; set; }

    internal int Reads { get; private set; }

    internal string Add(long sequence, params string[] users)
    {
        var name = Some.Batch(Some.Time.AddMinutes(sequence), sequence: sequence).ToString();
        objects[name] = [.. users.Select(user => Some.Record(user))];
        return name;
    }

    internal void Remove(string name) => objects.Remove(name);

    /// <summary>A folder cannot be listed, or can again.</summary>
    internal void Skip(params TrailException[] problems)
    {
        unlisted.Clear();
        unlisted.AddRange(problems);
    }

    public Task<IReadOnlyList<ObjectSpan>> ListAsync(
        ObjectScope scope, Action<TrailException> report, CancellationToken cancellationToken)
    {
        if (Away is not null)
            throw Away;
        if (objects.Count == 0)
            throw new EmptyLocationException("archive");
        unlisted.ForEach(report);
        var listed = objects.Keys.Select(name => ArchiveObject.Of(name, name));
        return Task.FromResult<IReadOnlyList<ObjectSpan>>([.. ObjectSpans.Of([.. listed])]);
    }

    public Task ReadAsync(
        ArchiveObject one, Func<ReadOnlyMemory<byte>, bool> take, Action<TrailException> report, CancellationToken cancellationToken)
    {
        Reads++;
        var most = Failing.GetValueOrDefault(one.Key, int.MaxValue);
        foreach (var record in objects[one.Key].Take(most))
            take(Encoding.UTF8.GetBytes(record));
        if (most != int.MaxValue)
            report(new ObjectException(ExitCode.Unreadable, one.Name, "cannot be read: SlowDown", "SlowDown", null, null));
        return Task.CompletedTask;
    }
}
