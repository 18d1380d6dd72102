using System.Buffers;
using ClusterTrail.Agent.Events;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Agent.Selectors;

/// <summary>A selector rule made ready: the decision of kube-apiserver's policy checker (pkg/audit/policy/checker.go), and field conditions.</summary>
sealed class Rule(SelectorRule rule, IEnumerable<AuditStage> omittedByAll)
{
    readonly TextSet users = new(rule.Users);
    readonly TextSet groups = new(rule.UserGroups);
    readonly TextSet verbs = new(rule.Verbs);
    readonly TextSet namespaces = new(rule.Namespaces);
    readonly ResourcePattern[] resources = [.. rule.Resources.Select(resource => new ResourcePattern(resource))];
    readonly UrlPattern[] urls = [.. rule.NonResourceURLs.Select(url => new UrlPattern(url))];
    readonly TextSet omitted = new(rule.OmitStages.Union(omittedByAll).Select(stage => stage.ToString()));
    readonly Condition[] conditions = [.. rule.Fields.Select(Condition.Of)];

    /// <summary>What the rule gives to an event that matches it.</summary>
    public AuditLevel LevelOf(in AuditEvent audit) => omitted.Contains(audit.Stage) ? AuditLevel.None : level;

    readonly AuditLevel level = (AuditLevel)rule.Level;

    public bool Matches(in AuditEvent audit) =>
        MatchesUser(audit) && (verbs.IsEmpty || verbs.Contains(audit.Verb)) && MatchesTarget(audit) && MatchesConditions(audit);

    bool MatchesUser(in AuditEvent audit)
    {
        // An event without a user name is of a request that failed authentication: the API server has no user to compare.
        if ((!users.IsEmpty || !groups.IsEmpty) && audit.UserName.IsEmpty)
        {
            return false;
        }

        return (users.IsEmpty || users.Contains(audit.UserName)) && (groups.IsEmpty || MatchesGroup(audit));
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

    bool MatchesTarget(in AuditEvent audit)
    {
        if (resources.Length > 0 || !namespaces.IsEmpty)
        {
            return audit.HasObject && (namespaces.IsEmpty || namespaces.Contains(audit.Namespace)) && MatchesResource(audit);
        }

        return urls.Length == 0 || (!audit.HasObject && MatchesUrl(audit.RequestUri));
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

    bool MatchesConditions(in AuditEvent audit)
    {
        foreach (var condition in conditions)
        {
            if (!condition.Holds(audit))
            {
                return false;
            }
        }

        return true;
    }
}
