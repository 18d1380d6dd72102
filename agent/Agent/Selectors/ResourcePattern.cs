using System.Text;
using ClusterTrail.Agent.Events;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Agent.Selectors;

/// <summary>One <c>GroupResources</c> of a rule, as kube-apiserver's policy checker reads it (pkg/audit/policy/checker.go).</summary>
sealed class ResourcePattern(GroupResources pattern)
{
    readonly bool anyGroup = pattern.Group == "*";
    readonly byte[] group = Encoding.UTF8.GetBytes(pattern.Group);
    readonly Part[] parts = [.. pattern.Resources.Select(Part.Of)];
    readonly TextSet names = new(pattern.ResourceNames);

    public bool Matches(in AuditEvent audit)
    {
        if (!anyGroup && !audit.ApiGroup.SequenceEqual(group))
        {
            return false;
        }

        if (parts.Length == 0)
        {
            return true;
        }

        foreach (var part in parts)
        {
            if (part.Matches(audit))
            {
                return names.IsEmpty || names.Contains(audit.Name);
            }
        }

        return false;
    }

    /// <summary><c>pods</c>, <c>pods/log</c>, <c>pods/*</c>, <c>*/log</c> or <c>*</c>.</summary>
    readonly record struct Part(byte[]? Resource, byte[]? Subresource, bool AnySubresource)
    {
        public static Part Of(string text)
        {
            var slash = text.IndexOf('/', StringComparison.Ordinal);
            var (resource, subresource) = slash < 0 ? (text, "") : (text[..slash], text[(slash + 1)..]);
            return text == "*" ? new(null, null, AnySubresource: true)
                // "res/*" matches "res" itself too, and "*/sub" any resource that has it.
                : subresource == "*" ? new(Encoding.UTF8.GetBytes(resource), null, AnySubresource: true)
                : new(resource == "*" && slash > 0 ? null : Encoding.UTF8.GetBytes(resource), Encoding.UTF8.GetBytes(subresource), AnySubresource: false);
        }

        public bool Matches(in AuditEvent audit) =>
            (Resource is null || audit.Resource.SequenceEqual(Resource))
            && (AnySubresource || audit.Subresource.SequenceEqual(Subresource));
    }
}
