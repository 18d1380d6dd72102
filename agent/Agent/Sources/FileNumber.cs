namespace ClusterTrail.Agent.Sources;

/// <summary>What a file is to the file system, whatever it is called.</summary>
/// <param name="Born">When it was made, in nanoseconds since 1970: inode numbers are used again. 0 on a file system that does not
/// record it.</param>
readonly record struct FileNumber(ulong Device, ulong Inode, long Born = 0);
