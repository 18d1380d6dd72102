namespace ClusterTrail.Agent.Sources;

/// <summary>What kind of file a name means: <c>S_IFMT</c> of its mode.</summary>
enum FileKind
{
    Pipe = 0x1000,
    CharacterDevice = 0x2000,
    Folder = 0x4000,
    BlockDevice = 0x6000,
    Regular = 0x8000,
    Socket = 0xc000,
}
