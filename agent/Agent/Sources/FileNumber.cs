namespace ClusterTrail.Agent.Sources;

/// <summary>A file's device and inode number: what it is to the kernel, for as long as it is open.</summary>
readonly record struct FileNumber(ulong Device, ulong Inode);
