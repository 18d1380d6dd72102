namespace ClusterTrail.Kubectl.Printing;

/// <summary>Prints records in the order they come.</summary>
interface IRecordPrinter
{
    /// <summary>Takes one record; false, and nothing is printed, where it is not a JSON object.</summary>
    bool TryPrint(ReadOnlyMemory<byte> record);

    /// <summary>All records of an object were given: what was held back goes out.</summary>
    void Flush();
}
