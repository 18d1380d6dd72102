using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Testing;

/// <summary>What is remembered of lines, in memory: it outlives a follower as a disk does.</summary>
sealed class InMemoryLineStore : ILineStore
{
    readonly Dictionary<FileId, List<ulong>> files = [];

    public ulong Seed => 7;

    /// <summary>Whether nothing can be read now, as with a bad block.</summary>
    public bool IsBroken { get; set; }

    public IReadOnlyCollection<FileId> Files => files.Keys;

    public long Count(FileId file) => files.GetValueOrDefault(file)?.Count ?? 0;

    public int Read(FileId file, long first, Span<ulong> words)
    {
        if (IsBroken)
        {
            throw new IOException("Input/output error : 'lines'");
        }

        var rest = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(files.GetValueOrDefault(file))[(int)first..];
        rest = rest[..Math.Min(rest.Length, words.Length)];
        rest.CopyTo(words);
        return rest.Length;
    }

    public void Write(FileId file, long first, ReadOnlySpan<ulong> words)
    {
        var all = files.TryGetValue(file, out var known) ? known : files[file] = [];
        all.RemoveRange((int)first, all.Count - (int)first);
        all.AddRange(words);
    }

    public void Remove(FileId file) => files.Remove(file);

    public void RemoveAllBut(IReadOnlySet<FileId> kept)
    {
        foreach (var file in files.Keys.Where(file => !kept.Contains(file)).ToList())
        {
            files.Remove(file);
        }
    }
}
