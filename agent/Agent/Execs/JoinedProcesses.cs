using System.Text;
using System.Text.Json;
using ClusterTrail.Agent.Files;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Execs;

/// <summary>The processes that have the origin of one that entered their container: it, its children, and theirs.</summary>
/// <remarks>
/// Guarantees: bounded, and saved before a checkpoint says that their lines were read. Caveats: a process whose parents all ended before
/// it executed anything has lost its origin, and so has one whose parents were forgotten for younger ones.
/// </remarks>
/// <param name="path">Where they are saved.</param>
sealed class JoinedProcesses(ProcessJoiner joiner, string path, Action ensureHeld)
{
    public const int Most = 16_384;

    const string Kind = "joined";
    const int Version = 1;

    readonly Dictionary<byte[], Root> known = new(BytesComparer.Instance);
    readonly Queue<byte[]> order = [];
    bool isChanged;

    public int Count => known.Count;

    /// <summary>What the record of a process says of its origin; nothing for one that has none.</summary>
    public JoinedMembers? Of(in AuditEvent process)
    {
        var token = Find(process, 0, "process"u8);
        if (token == 0)
        {
            return null;
        }

        var id = JsonText.At(process.Line, process.Index, Find(process, token, "id"u8));
        var inherited = OfItself(id) ?? OfParents(process, Find(process, token, "parents"u8));
        if (inherited is not null)
        {
            Add(id, inherited);
            return inherited.OfChildren;
        }

        if (EnteredProcess.Read(process.Line) is not { } entered)
        {
            return null;
        }

        var origin = joiner.Decide(entered);
        var root = new Root(JoinedMembers.Of(origin, null), JoinedMembers.Of(origin, entered.Id));
        if (origin.StartedBy is StartedBy.ApiRequest or StartedBy.Unexplained && !id.IsEmpty)
        {
            Add(id, root);
        }

        return root.Own;
    }

    /// <summary>Reads what an earlier run saved; what cannot be read is as if it had not been.</summary>
    public void Load()
    {
        try
        {
            using var file = File.OpenRead(path);
            var saved = JsonSerializer.Deserialize(CheckedFile.ReadHeader(file, Kind, Version), JoinedJson.Default.SavedProcesses)!;
            List<Root> roots = [.. saved.Roots.Select(root => new Root(null, new(root.Event, root.Envelope, IsKnown: true)))];
            foreach (var (id, root) in saved.Processes.Take(Most).Where(one => one.Value >= 0 && one.Value < roots.Count))
            {
                Add(Encoding.UTF8.GetBytes(id), roots[root]);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            // None, or damaged: processes that started before have lost their origin.
        }

        isChanged = false;
    }

    /// <exception cref="IOException">They cannot be saved.</exception>
    public void Save()
    {
        if (!isChanged)
        {
            return;
        }

        ensureHeld();
        DurableDirectory.Create(Path.GetDirectoryName(path)!);
        List<Root> roots = [.. known.Values.Distinct()];
        var numbers = roots.Index().ToDictionary(one => one.Item, one => one.Index);
        var saved = new SavedProcesses
        {
            Roots = [.. roots.Select(root => new SavedRoot { Event = root.OfChildren.Event, Envelope = root.OfChildren.Envelope })],
            Processes = order.ToDictionary(id => Encoding.UTF8.GetString(id), id => numbers[known[id]]),
        };
        CheckedFile.Write(path, Kind, Version, JsonSerializer.SerializeToUtf8Bytes(saved, JoinedJson.Default.SavedProcesses), []);
        isChanged = false;
    }

    // It executed something else.
    Root? OfItself(ReadOnlySpan<byte> id) =>
        known.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(id, out var root) ? root : null;

    Root? OfParents(in AuditEvent process, int parents)
    {
        if (known.Count == 0 || parents == 0)
        {
            return null;
        }

        var lookup = known.GetAlternateLookup<ReadOnlySpan<byte>>();
        foreach (var parent in new JsonItems(process.Line, process.Index, parents))
        {
            var id = Find(process, parent, "id"u8);
            if (id != 0 && lookup.TryGetValue(JsonText.At(process.Line, process.Index, id), out var root))
            {
                return root;
            }
        }

        return null;
    }

    void Add(ReadOnlySpan<byte> id, Root root)
    {
        if (id.IsEmpty)
        {
            return;
        }

        var key = id.ToArray();
        if (known.TryAdd(key, root))
        {
            order.Enqueue(key);
        }
        else
        {
            known[key] = root;
        }

        while (known.Count > Most)
        {
            known.Remove(order.Dequeue());
        }

        isChanged = true;
    }

    static int Find(in AuditEvent process, int token, ReadOnlySpan<byte> name)
    {
        foreach (var member in new JsonMembers(process.Line, process.Index, token))
        {
            if (member.Name.SequenceEqual(name))
            {
                return member.Value;
            }
        }

        return 0;
    }

    /// <param name="own">Null once the process itself is recorded by an earlier run.</param>
    sealed class Root(JoinedMembers? own, JoinedMembers ofChildren)
    {
        public JoinedMembers? Own => own;

        public JoinedMembers OfChildren => ofChildren;
    }
}
