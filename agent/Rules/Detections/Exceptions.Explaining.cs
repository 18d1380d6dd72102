using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Explaining;

namespace ClusterTrail.Rules.Detections;

sealed partial class Exceptions
{
    /// <summary>The first exception that applies, or else why one cannot be evaluated; null if and only if none applies.</summary>
    public string? First(in AuditEvent audit)
    {
        if (Apply(audit) == Outcome.No)
            return null;
        if (!users.IsEmpty && !audit.UserName.IsEmpty && users.Match(audit.UserName))
            return $"users: {Shown.Text(audit.UserName)} is among {users}";
        if (!groups.IsEmpty && AnyGroup(audit))
            return $"userGroups: one is among {groups}";
        if (!namespaces.IsEmpty && !audit.Namespace.IsEmpty && namespaces.Match(audit.Namespace))
            return $"namespaces: {Shown.Text(audit.Namespace)} is among {namespaces}";
        return anyImage!.Body.Unknown(audit) is { } unknown
            ? $"exceptions.images: {unknown}"
            : $"images: all are among {Shown.Among(exceptions.Images)}";
    }
}
