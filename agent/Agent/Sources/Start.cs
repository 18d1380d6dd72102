namespace ClusterTrail.Agent.Sources;

/// <summary>From where a file is read, and among which known lines that is.</summary>
/// <param name="Word">How many words of the known lines are before that.</param>
/// <param name="Crc">The CRC-32 of the bytes before that, when it is known.</param>
/// <param name="IsCertain">Whether the file is shown to have these lines; else it is compared with them.</param>
sealed record Start(LedgerFile Known, long Word, long Offset, uint? Crc, bool IsCertain)
{
    /// <summary>At the beginning of a file that begins as no other does.</summary>
    public static Start New(LedgerFile begun) => new(begun, 0, 0, 0, IsCertain: true);

    /// <summary>Behind all known lines.</summary>
    public static Start AtEnd(LedgerFile known) =>
        new(known, known.Journal.Count, known.Offset, known.Offset == 0 ? 0 : known.Crc, IsCertain: true);

    /// <summary>At the first line that is remembered.</summary>
    public static Start AtBase(LedgerFile known) => new(known, 0, known.Base, known.Base == 0 ? 0u : null, IsCertain: false);
}
