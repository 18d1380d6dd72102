using System.Buffers;
using System.Text;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Selectors;

/// <summary>Events of one verb and resource that a rule is about, and how they arrive.</summary>
sealed class ArrivingKind
{
    // The longest name of a group is 253 characters, of a resource 63.
    const int Longest = 253;

    static readonly SearchValues<byte> OfNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-."u8);

    readonly byte[] verb;
    readonly byte[] group;
    readonly byte[] resource;
    readonly byte[] subresource;

    ArrivingKind(int rule, bool isUndecided, in AuditEvent audit)
    {
        (Rule, IsUndecided) = (rule, isUndecided);
        (verb, group) = (audit.Verb.ToArray(), audit.ApiGroup.ToArray());
        (resource, subresource) = (audit.Resource.ToArray(), audit.Subresource.ToArray());
        (Verb, Group) = (Encoding.UTF8.GetString(verb), Encoding.UTF8.GetString(group));
        Resource = Encoding.UTF8.GetString(resource) + (subresource.Length > 0 ? $"/{Encoding.UTF8.GetString(subresource)}" : "");
    }

    ArrivingKind(int rule, ArrivingKind same)
    {
        (Rule, IsUndecided) = (rule, same.IsUndecided);
        (verb, group, resource, subresource) = (same.verb, same.group, same.resource, same.subresource);
        (Verb, Group, Resource) = (same.Verb, same.Group, same.Resource);
    }

    /// <summary>The rule's place among those of all sets.</summary>
    public int Rule { get; }

    /// <summary>Whether the rule's conditions cannot be evaluated; else it matches and bodies are missing.</summary>
    public bool IsUndecided { get; }

    public string Verb { get; }

    public string Group { get; }

    /// <summary>With its subresource.</summary>
    public string Resource { get; }

    /// <summary>The level that the last one below arrived at.</summary>
    public AuditLevel Arrives { get; private set; }

    public AuditLevel Asked { get; private set; }

    /// <summary>Whether the API server cut the bodies out of it, which its level would have.</summary>
    public bool IsCut { get; private set; }

    /// <summary>How many arrived with too little since the last time.</summary>
    public long Below { get; private set; }

    /// <summary>How many arrived with all since the last time.</summary>
    public long Enough { get; private set; }

    /// <summary>The same kind of a rule that has another place.</summary>
    public ArrivingKind At(int rule) => new(rule, this);

    /// <summary>Null if its names are none that an API server can have.</summary>
    public static ArrivingKind? Of(int rule, bool isUndecided, in AuditEvent audit) =>
        IsName(audit.Verb) && IsName(audit.Resource) && !audit.Resource.IsEmpty && IsName(audit.ApiGroup) && IsName(audit.Subresource)
            ? new(rule, isUndecided, audit)
            : null;

    public bool IsOf(in AuditEvent audit) =>
        audit.Resource.SequenceEqual(resource) && audit.Verb.SequenceEqual(verb) && audit.ApiGroup.SequenceEqual(group)
        && audit.Subresource.SequenceEqual(subresource);

    public void Note(AuditLevel level, AuditLevel asked, bool isBelow, bool isCut)
    {
        if (isBelow)
        {
            (Arrives, Asked, IsCut) = (level, asked, isCut);
            Below++;
        }
        else
        {
            Enough++;
        }
    }

    public void Clear() => (Below, Enough) = (0, 0);

    static bool IsName(ReadOnlySpan<byte> text) =>
        text.Length <= Longest && !text.ContainsAnyExcept(OfNames);
}
