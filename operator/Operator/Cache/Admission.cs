using ClusterTrail.Kubernetes;

namespace ClusterTrail.Operator.Cache;

/// <summary>Which objects are read at all: so many of each namespace and so many in total, and who has a place keeps it.</summary>
sealed class Admission(int perNamespace, int most)
{
    readonly Lock guard = new();
    readonly Dictionary<string, HashSet<string>> admitted = [];
    readonly HashSet<string> full = [];
    int count;

    /// <summary>The namespaces of which objects were left out.</summary>
    public IReadOnlyList<string> Full
    {
        get
        {
            lock (guard)
            {
                return [.. full];
            }
        }
    }

    public bool Admit(ObjectKey key)
    {
        var @namespace = key.Namespace ?? "";
        lock (guard)
        {
            if (!admitted.TryGetValue(@namespace, out var names))
                admitted[@namespace] = names = [];
            if (names.Contains(key.Name))
                return true;
            if (names.Count >= perNamespace || count >= most)
            {
                full.Add(@namespace);
                return false;
            }

            names.Add(key.Name);
            count++;
            return true;
        }
    }

    /// <returns>Whether there may be another that can take its place.</returns>
    public bool Remove(ObjectKey key)
    {
        var @namespace = key.Namespace ?? "";
        lock (guard)
        {
            if (!admitted.TryGetValue(@namespace, out var names) || !names.Remove(key.Name))
                return false;
            if (names.Count == 0)
                admitted.Remove(@namespace);
            var wasFull = count-- >= most ? full.Count > 0 : full.Contains(@namespace);
            if (wasFull)
                full.Clear(); // Those that are still full are found out when all are listed again.
            return wasFull;
        }
    }
}
