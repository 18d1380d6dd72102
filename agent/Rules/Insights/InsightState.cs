namespace ClusterTrail.Rules.Insights;

/// <summary>What is usual, as bytes for a file, so that a restart forgets nothing.</summary>
/// <remarks>
/// A version, the seed, the keys with what is known of each, what was seen, and a sum of it all. Arrays that are nothing but zeros take a
/// byte. Counts of the minute that is not over are not in it, and open stretches are not: they end with a restart.
/// </remarks>
static class InsightState
{
    const uint Version = 0x32534E49; // INS2
    const ulong SumSeed = 43;

    public static byte[] Write(InsightDetector detector)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Version);
        writer.Write(detector.Seed);
        WriteRates(writer, detector.Rates);
        WriteSeen(writer, detector.FirstSeen);
        writer.Write(KeyHash.Of(SumSeed, bytes.ToArray()));
        return bytes.ToArray();
    }

    /// <summary>The detector that was written; null when the bytes are damaged or of another version, and why.</summary>
    public static InsightDetector? Read(ReadOnlySpan<byte> bytes, out string problem)
    {
        problem = "";
        if (bytes.Length < sizeof(uint) + (2 * sizeof(ulong)) || BitConverter.ToUInt32(bytes) != Version)
        {
            problem = "it is not of this version";
            return null;
        }

        if (KeyHash.Of(SumSeed, bytes[..^sizeof(ulong)]) != BitConverter.ToUInt64(bytes[^sizeof(ulong)..]))
        {
            problem = "its sum is not that of its bytes";
            return null;
        }

        using var reader = new BinaryReader(new MemoryStream(bytes[sizeof(uint)..].ToArray()));
        var detector = new InsightDetector(reader.ReadUInt64());
        ReadRates(reader, detector.Rates);
        ReadSeen(reader, detector.FirstSeen);
        detector.Resume();
        return detector;
    }

    static void WriteRates(BinaryWriter writer, RateInsights rates)
    {
        rates.CatchUp();
        writer.Write(rates.Last?.Number ?? -1);
        writer.Write(rates.KnownMinutes);
        writer.Write(rates.KnownDays);
        foreach (var table in (ReadOnlySpan<TopTable<RateKey>>)[rates.Kinds, rates.Users])
        {
            writer.Write(table.Count);
            writer.Write(table.Replaced);
            for (var slot = 0; slot < table.Count; slot++)
            {
                writer.Write(table.HashOf(slot));
                writer.Write(table.CountOf(slot));
                writer.Write(table.ErrorOf(slot));
                RateKeyState.Write(writer, table[slot]);
            }
        }
    }

    static void ReadRates(BinaryReader reader, RateInsights rates)
    {
        var last = reader.ReadInt64();
        rates.Last = last < 0 ? null : new(last);
        rates.KnownMinutes = reader.ReadInt32();
        rates.KnownDays = reader.ReadInt32();
        foreach (var table in (ReadOnlySpan<TopTable<RateKey>>)[rates.Kinds, rates.Users])
        {
            var count = reader.ReadInt32();
            var replaced = reader.ReadInt64();
            for (var read = 0; read < count; read++)
            {
                var slot = table.Restore(reader.ReadUInt64(), reader.ReadInt64(), reader.ReadInt64());
                RateKeyState.Read(reader, table[slot], rates.Last ?? default);
            }

            table.Replaced = replaced;
        }
    }

    static void WriteSeen(BinaryWriter writer, FirstSeen seen)
    {
        writer.Write(seen.Began is { } day ? Math.Max(day, 0) : -1);
        writer.Write(seen.Seen.Count);
        foreach (ref readonly var thing in seen.Seen.Things)
        {
            if (thing.IsEmpty)
                continue;
            writer.Write(thing.Hash);
            writer.Write(thing.First);
            writer.Write(thing.Last);
        }
    }

    static void ReadSeen(BinaryReader reader, FirstSeen seen)
    {
        var began = reader.ReadInt32();
        seen.Began = began < 0 ? null : began;
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            seen.Seen.Restore(reader.ReadUInt64(), reader.ReadUInt16(), reader.ReadUInt16());
        }
    }
}
