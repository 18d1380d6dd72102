using System.Runtime.InteropServices;

namespace ClusterTrail.Rules.Insights;

/// <summary>A number, and the days on which it was seen first and last.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
record struct SeenThing(ulong Hash, ushort First, ushort Last)
{
    public readonly bool IsEmpty => Hash == 0;
}
