using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;

namespace ClusterTrail.Testing;

/// <summary>Merges what a manager wants into an object, by who owns which field.</summary>
static class ServerSideApply
{
    /// <param name="desired">The fields that the manager wants, and no others.</param>
    /// <exception cref="KubernetesException">Another manager owns a field and wants another value.</exception>
    public static StoredObject Apply(StoredObject live, JsonObject desired, FieldOwner owner, bool force)
    {
        var wanted = FieldPath.LeavesOf(desired);
        var owners = Copy(live.Owners);
        var json = (JsonObject)live.Json.DeepClone();
        foreach (var path in wanted.Where(path => !JsonNode.DeepEquals(FieldPath.Get(json, path), FieldPath.Get(desired, path))))
            TakeFromOthers(owners, owner, path, force);

        foreach (var path in owners.GetValueOrDefault(owner, []).Except(wanted))
        {
            if (!owners.Any(other => other.Key != owner && other.Value.Contains(path))
                && !wanted.Any(field => FieldPath.Overlap(field, path)))
            {
                FieldPath.Remove(json, path);
            }
        }

        foreach (var path in wanted)
            FieldPath.Set(json, path, FieldPath.Get(desired, path));
        owners[owner] = wanted;
        return live with { Json = json, Owners = owners };
    }

    /// <summary>Gives the fields that a write other than apply has changed to whoever wrote.</summary>
    public static StoredObject Own(StoredObject before, StoredObject after, FieldOwner owner)
    {
        var owners = Copy(before.Owners);
        var own = owners.GetValueOrDefault(owner, []);
        foreach (var path in FieldPath.LeavesOf(after.Json).Where(path =>
            !JsonNode.DeepEquals(FieldPath.Get(before.Json, path), FieldPath.Get(after.Json, path))))
        {
            TakeFromOthers(owners, owner, path, force: true);
            own.Add(path);
        }

        owners[owner] = own;
        return after with { Owners = owners };
    }

    static void TakeFromOthers(Dictionary<FieldOwner, HashSet<string>> owners, FieldOwner owner, string path, bool force)
    {
        foreach (var (other, fields) in owners.Where(other => other.Key != owner))
        {
            if (!force && fields.Any(field => FieldPath.Overlap(field, path)))
                throw Refusal.Conflict($"Apply failed with 1 conflict: conflict with \"{other.Manager}\": {FieldPath.Readable(path)}");
            fields.RemoveWhere(field => FieldPath.Overlap(field, path));
        }
    }

    static Dictionary<FieldOwner, HashSet<string>> Copy(IReadOnlyDictionary<FieldOwner, HashSet<string>> owners) =>
        owners.ToDictionary(owner => owner.Key, owner => new HashSet<string>(owner.Value));
}
