using System.Runtime.InteropServices;

namespace ClusterTrail.Rules.Insights;

/// <summary>What is known of a key, as bytes.</summary>
static class RateKeyState
{
    public static void Write(BinaryWriter writer, RateKey key)
    {
        writer.Write((ushort)key.Name.Length);
        writer.Write(key.Name);
        writer.Write(key.Days);
        foreach (var measure in Enum.GetValues<RateMeasure>())
        {
            Write(writer, key[measure].Series);
        }
    }

    /// <param name="last">The last minute that was learnt.</param>
    public static void Read(BinaryReader reader, RateKey key, Minute last)
    {
        key.Become(reader.ReadBytes(reader.ReadUInt16()), silent: 0, days: reader.ReadInt32());
        foreach (var measure in Enum.GetValues<RateMeasure>())
        {
            Read(reader, key[measure].Series, last);
        }
    }

    static void Write(BinaryWriter writer, RateSeries series)
    {
        writer.Write(series.MedianStep);
        Span<ushort> recent = stackalloc ushort[Method.RecentMinutes];
        for (var ago = series.Recent.Count; ago > 0; ago--)
        {
            recent[series.Recent.Count - ago] = LogCode.Of(series.Recent.Ago(ago));
        }

        writer.Write((byte)series.Recent.Count);
        Write(writer, recent);
        Write(writer, series.Season.Codes);
        Write(writer, series.Bursts.Days);
        Write(writer, series.Bursts.Today);
    }

    static void Read(BinaryReader reader, RateSeries series, Minute last)
    {
        series.MedianStep = reader.ReadSingle();
        Span<ushort> recent = stackalloc ushort[Method.RecentMinutes];
        var count = reader.ReadByte();
        Read(reader, recent);
        foreach (var code in recent[..Math.Min((int)count, recent.Length)])
        {
            series.Recent.Add(MathF.Round(LogCode.Rate(code)));
        }

        Read(reader, series.Season.Codes);
        Read(reader, series.Bursts.Days);
        Read(reader, series.Bursts.Today);
        series.Bursts.Recall(last.EndsDay ? last : new Minute((last.Day * 24 * 60) - 1));
    }

    static void Write<T>(BinaryWriter writer, ReadOnlySpan<T> values)
        where T : unmanaged, IEquatable<T>
    {
        var isUsed = values.ContainsAnyExcept(default(T));
        writer.Write(isUsed);
        writer.Write(isUsed ? MemoryMarshal.AsBytes(values) : []);
    }

    static void Write<T>(BinaryWriter writer, Span<T> values)
        where T : unmanaged, IEquatable<T> => Write(writer, (ReadOnlySpan<T>)values);

    static void Read<T>(BinaryReader reader, Span<T> values)
        where T : unmanaged
    {
        if (reader.ReadBoolean())
        {
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values));
        }
    }
}
