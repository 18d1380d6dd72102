namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>What happens to a log beside being written and rotated.</summary>
[Flags]
enum FollowerHazards
{
    None = 0,

    /// <summary>Files are deleted, also unread.</summary>
    Deletes = 1,

    PowerCuts = 2,

    /// <summary>Files are copied, and the writer goes on in the copy; or all begin with the same line.</summary>
    Forks = 4,

    /// <summary>Files cannot be read for a while, and others are none.</summary>
    BadFiles = 8,

    /// <summary>Writers keep a file that was rotated.</summary>
    LateWriters = 16,

    All = Deletes | PowerCuts | Forks | BadFiles | LateWriters,
}
