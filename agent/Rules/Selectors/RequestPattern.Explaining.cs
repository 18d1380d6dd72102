using System.Text;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Explaining;

namespace ClusterTrail.Rules.Selectors;

sealed partial class RequestPattern
{
    /// <summary>The first part that does not match, and why; null if and only if the pattern matches.</summary>
    public string? FirstMiss(in AuditEvent audit) =>
        MatchesVerb(audit) ? MissOfUser(audit) ?? MissOfTarget(audit) : $"verbs: {Shown.Text(audit.Verb)} is not among {verbs}";

    string? MissOfUser(in AuditEvent audit)
    {
        if (MatchesUser(audit))
            return null;
        if (audit.UserName.IsEmpty)
            return $"{(users.IsEmpty ? "userGroups" : "users")}: the request was not authenticated, so it has no user";
        return !users.IsEmpty && !users.Contains(audit.UserName)
            ? $"users: {Shown.Text(audit.UserName)} is not among {users}"
            : $"userGroups: none of {Groups(audit)} is among {groups}";
    }

    string? MissOfTarget(in AuditEvent audit)
    {
        if (MatchesTarget(audit))
            return null;
        if (resources.Length == 0 && namespaces.IsEmpty)
            return audit.HasObject
                ? "nonResourceURLs: the request is for an object"
                : $"nonResourceURLs: {Path(audit.RequestUri)} is not among {Shown.Among(urls.Select(url => $"{url}"))}";
        if (!audit.HasObject)
            return $"{(resources.Length == 0 ? "namespaces" : "resources")}: the request is not for an object";
        return !namespaces.IsEmpty && !namespaces.Contains(audit.Namespace)
            ? $"namespaces: {Shown.Text(audit.Namespace)} is not among {namespaces}"
            : $"resources: {Object(audit)} is not among {string.Join("; ", resources.Select(resource => $"{resource}"))}";
    }

    static string Groups(in AuditEvent audit)
    {
        var found = new List<string>();
        foreach (var group in new JsonItems(audit.Line, audit.Index, audit.Groups))
            found.Add(Shown.Text(JsonText.At(audit.Line, audit.Index, group)));
        return found.Count == 0 ? "no groups" : Shown.Among(found);
    }

    static string Object(in AuditEvent audit)
    {
        var (resource, subresource) = (Encoding.UTF8.GetString(audit.Resource), Encoding.UTF8.GetString(audit.Subresource));
        var name = audit.Name.IsEmpty ? "" : $" named {Shown.Text(audit.Name)}";
        return $"{resource}{(subresource.Length == 0 ? "" : $"/{subresource}")} of group {Shown.Text(audit.ApiGroup)}{name}";
    }

    static string Path(ReadOnlySpan<byte> requestUri) =>
        Shown.Quote(Encoding.UTF8.GetString(RequestPath.Of(requestUri, new byte[requestUri.Length])));
}
