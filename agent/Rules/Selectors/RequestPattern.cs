using System.Buffers;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Selectors;

/// <summary>
/// Who asks for what: the part of a rule that audit.k8s.io/v1 has too, decided as kube-apiserver's policy checker does
/// (pkg/audit/policy/checker.go).
/// </summary>
sealed partial class RequestPattern(
    IReadOnlyList<string> users, IReadOnlyList<string> userGroups, IReadOnlyList<string> verbs, IReadOnlyList<GroupResources> resources,
    IReadOnlyList<string> namespaces, IReadOnlyList<string> nonResourceUrls)
{
    readonly TextSet users = new(users);
    readonly TextSet groups = new(userGroups);
    readonly TextSet verbs = new(verbs);
    readonly TextSet namespaces = new(namespaces);
    readonly ResourcePattern[] resources = [.. resources.Select(resource => new ResourcePattern(resource))];
    readonly UrlPattern[] urls = [.. nonResourceUrls.Select(url => new UrlPattern(url))];

    public bool Matches(in AuditEvent audit) => MatchesVerb(audit) && MatchesUser(audit) && MatchesTarget(audit);

    public bool MatchesVerb(in AuditEvent audit) => verbs.IsEmpty || verbs.Contains(audit.Verb);

    public bool MatchesUser(in AuditEvent audit)
    {
        // An event without a user name is of a request that failed authentication: the API server has no user to compare.
        if ((!users.IsEmpty || !groups.IsEmpty) && audit.UserName.IsEmpty)
        {
            return false;
        }

        return (users.IsEmpty || users.Contains(audit.UserName)) && (groups.IsEmpty || MatchesGroup(audit));
    }

    public bool MatchesTarget(in AuditEvent audit)
    {
        if (resources.Length > 0 || !namespaces.IsEmpty)
        {
            return audit.HasObject && (namespaces.IsEmpty || namespaces.Contains(audit.Namespace)) && MatchesResource(audit);
        }

        return urls.Length == 0 || (!audit.HasObject && MatchesUrl(audit.RequestUri));
    }

    bool MatchesGroup(in AuditEvent audit)
    {
        foreach (var group in new JsonItems(audit.Line, audit.Index, audit.Groups))
        {
            if (groups.Contains(JsonText.At(audit.Line, audit.Index, group)))
            {
                return true;
            }
        }

        return false;
    }

    bool MatchesResource(in AuditEvent audit)
    {
        foreach (var resource in resources)
        {
            if (resource.Matches(audit))
            {
                return true;
            }
        }

        return resources.Length == 0;
    }

    bool MatchesUrl(ReadOnlySpan<byte> requestUri)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(requestUri.Length);
        var path = RequestPath.Of(requestUri, buffer);
        var matches = false;
        foreach (var url in urls)
        {
            matches |= url.Matches(path);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return matches;
    }
}
