using System.Text;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Explaining;

namespace ClusterTrail.Rules.Selectors;

/// <summary>One <c>GroupResources</c> of a rule, as kube-apiserver's policy checker reads it (pkg/audit/policy/checker.go).</summary>
sealed class ResourcePattern(GroupResources pattern)
{
    readonly bool anyGroup = pattern.Group == "*";
    readonly byte[] group = Encoding.UTF8.GetBytes(pattern.Group);
    readonly Part[] parts = [.. pattern.Resources.Select(Part.Of)];
    readonly TextSet names = new(pattern.ResourceNames);

    /// <summary>As <c>pods, pods/exec of group ""</c>, for people.</summary>
    public override string ToString() =>
        (pattern.Resources.Count == 0 ? "all" : Shown.Among(pattern.Resources))
        + $" of group \"{pattern.Group}\"{(names.IsEmpty ? "" : $" named {names}")}";

    public bool Matches(in AuditEvent audit)
    {
        if (!anyGroup && !JsonText.Is(audit.ApiGroup, group))
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
    readonly record struct Part(bool Any, byte[] Resource, byte[] Subresource)
    {
        public static Part Of(string text)
        {
            // "pods/" and "*/" name an empty subresource, which no request has: kept whole, they match nothing.
            var slash = text.EndsWith('/') ? -1 : text.IndexOf('/', StringComparison.Ordinal);
            var (resource, subresource) = slash < 0 ? (text, "") : (text[..slash], text[(slash + 1)..]);
            return new(text == "*", Encoding.UTF8.GetBytes(resource), Encoding.UTF8.GetBytes(subresource));
        }

        // "res/*" matches "res" itself too; "*/sub" any resource that has it.
        public bool Matches(in AuditEvent audit) =>
            Any
            || (JsonText.Is(audit.Resource, Resource) && (Subresource is [(byte)'*'] || JsonText.Is(audit.Subresource, Subresource)))
            || (Resource is [(byte)'*'] && !audit.Subresource.IsEmpty && JsonText.Is(audit.Subresource, Subresource));
    }
}
