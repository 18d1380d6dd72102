namespace ClusterTrail.Kubectl.Printing;

/// <summary>Comma-separated values, for spreadsheets.</summary>
sealed class CsvPrinter(Stream output) : IRecordPrinter
{
    readonly FlatRecord record = new();
    bool headed;

    public bool TryPrint(ReadOnlyMemory<byte> record)
    {
        if (!this.record.TryRead(record.Span))
            return false;
        if (!headed)
            output.Write(CsvText.Heading(FlatRecord.Columns));
        headed = true;
        output.Write(CsvText.Line(this.record.Cells));
        return true;
    }

    public void Flush() => output.Flush();
}
