using ClusterTrail.Kubernetes;
using ClusterTrail.Kubernetes.Control;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Cache;

/// <summary>The TrailSelectors by the Trail that they name and by namespace, and how much of their rules is in memory.</summary>
/// <remarks>Guarantee: no change of one TrailSelector looks at all others.</remarks>
sealed class SelectorIndex(SelectorQuota quota)
{
    readonly Lock guard = new();
    readonly Dictionary<string, Dictionary<ObjectKey, KeptSelector>> byTrail = [];
    readonly Dictionary<string, long> versions = [];
    readonly Dictionary<string, Dictionary<string, int>> trailsOf = [];
    long version;
    long held;

    /// <summary>The Trails that are named, whether they exist or not.</summary>
    public IReadOnlyList<string> Trails
    {
        get
        {
            lock (guard)
            {
                return [.. byTrail.Keys];
            }
        }
    }

    /// <summary>How many bytes of rules are in memory.</summary>
    public long HeldBytes => Interlocked.Read(ref held);

    /// <summary>Those that name a Trail, in no order, and a number that is another one when they are others.</summary>
    public (IReadOnlyList<KeptSelector> Selectors, long Version) Naming(string trail)
    {
        lock (guard)
        {
            return byTrail.TryGetValue(trail, out var naming) ? ([.. naming.Values], versions[trail]) : ([], 0);
        }
    }

    /// <summary>The Trails that TrailSelectors of a namespace name.</summary>
    public IReadOnlyList<string> TrailsOf(string @namespace)
    {
        lock (guard)
        {
            return trailsOf.TryGetValue(@namespace, out var trails) ? [.. trails.Keys] : [];
        }
    }

    /// <summary>Takes note of a change. What was found out about a TrailSelector whose spec is the same still holds.</summary>
    public void Note(Change<TrailSelector> change)
    {
        lock (guard)
        {
            var after = change.After as KeptSelector;
            if (change.Before is KeptSelector before && !ReferenceEquals(before, after))
                Replace(before, after);
            if (after is not null)
                Add(after);
        }
    }

    /// <summary>Keeps rules that were read again, if there is room for them.</summary>
    public void Hold(KeptSelector selector, SelectorContent rules)
    {
        lock (guard)
        {
            if (selector.Rules is null && byTrail.GetValueOrDefault(selector.Spec.Trail)?.GetValueOrDefault(selector.Key) == selector
                && held + rules.Length <= quota.HeldBytes)
            {
                selector.Rules = rules;
                held += rules.Length;
            }
        }
    }

    /// <summary>Forgets the rules of one that no Trail takes up.</summary>
    public void Drop(KeptSelector selector)
    {
        lock (guard)
        {
            held -= selector.Rules?.Length ?? 0;
            selector.Rules = null;
        }
    }

    void Replace(KeptSelector before, KeptSelector? after)
    {
        var isSame = after is not null && after.Spec.Trail == before.Spec.Trail && after.HasRulesOf(before);
        if (isSame)
            (after!.Rules, after.Verdict) = (null, before.Verdict);
        Remove(before, isSame);
        // What was dropped stays so: it is read again when its Trail takes it up.
        if (isSame && before.Rules is { } rules)
            after!.Rules = rules;
        before.Rules = null;
    }

    void Remove(KeptSelector selector, bool isReplaced)
    {
        if (!byTrail.TryGetValue(selector.Spec.Trail, out var naming) || !naming.Remove(selector.Key))
            return;
        held -= selector.Rules?.Length ?? 0;
        if (!isReplaced)
            versions[selector.Spec.Trail] = ++version;
        if (naming.Count == 0 && !isReplaced)
        {
            byTrail.Remove(selector.Spec.Trail);
            versions.Remove(selector.Spec.Trail);
        }

        Count(selector, -1);
    }

    void Add(KeptSelector selector)
    {
        if (!byTrail.TryGetValue(selector.Spec.Trail, out var naming))
            byTrail[selector.Spec.Trail] = naming = [];
        naming[selector.Key] = selector;
        if (selector.Verdict is null || !versions.ContainsKey(selector.Spec.Trail))
            versions[selector.Spec.Trail] = ++version;
        if (selector.Rules is { } rules && held + rules.Length > quota.HeldBytes)
            selector.Rules = null;
        held += selector.Rules?.Length ?? 0;
        Count(selector, +1);
    }

    void Count(KeptSelector selector, int change)
    {
        var @namespace = selector.Metadata.NamespaceProperty;
        if (!trailsOf.TryGetValue(@namespace, out var trails))
            trailsOf[@namespace] = trails = [];
        if ((trails[selector.Spec.Trail] = trails.GetValueOrDefault(selector.Spec.Trail) + change) == 0)
            trails.Remove(selector.Spec.Trail);
        if (trails.Count == 0)
            trailsOf.Remove(@namespace);
    }
}
