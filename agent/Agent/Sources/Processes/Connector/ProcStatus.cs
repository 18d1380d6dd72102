using System.Buffers.Text;

namespace ClusterTrail.Agent.Sources.Processes.Connector;

/// <summary>What <c>/proc/PID/status</c> says of a process.</summary>
sealed record ProcStatus(byte[] Command, uint Parent, uint Uid, uint EffectiveUid, uint Gid, uint EffectiveGid, ulong Capabilities)
{
    /// <summary>False when the file is not whole: the process is gone.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, out ProcStatus status)
    {
        var uids = Line(file, "Uid:"u8);
        var gids = Line(file, "Gid:"u8);
        var isWhole = Utf8Parser.TryParse(Line(file, "CapEff:"u8), out ulong capabilities, out _, 'x');
        status = new(
            Line(file, "Name:"u8).ToArray(), Number(Line(file, "PPid:"u8), 0), Number(uids, 0), Number(uids, 1), Number(gids, 0),
            Number(gids, 1), capabilities);
        return isWhole && !uids.IsEmpty;
    }

    static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> file, ReadOnlySpan<byte> name)
    {
        foreach (var range in file.Split((byte)'\n'))
        {
            if (file[range].StartsWith(name))
            {
                return file[range][name.Length..].Trim("\t "u8);
            }
        }

        return default;
    }

    static uint Number(ReadOnlySpan<byte> line, int place)
    {
        var at = 0;
        foreach (var range in line.Split((byte)'\t'))
        {
            if (at++ == place && Utf8Parser.TryParse(line[range], out uint number, out _))
            {
                return number;
            }
        }

        return 0;
    }
}
