using System.Globalization;
using ClusterTrail.Lake.Export;

namespace ClusterTrail.Lake.Tests.Export;

public sealed class PartitionTests
{
    [Theory]
    [InlineData("prod", "main", "2026-03-01", "cluster=prod/trail=main/date=2026-03-01")]
    [InlineData(null, "main", null, "cluster=__HIVE_DEFAULT_PARTITION__/trail=main/date=__HIVE_DEFAULT_PARTITION__")]
    [InlineData("null", "NULL", "2026-03-01", "cluster=%6Eull/trail=%4EULL/date=2026-03-01")]
    public void AFolderSaysWhatIsInIt(string? cluster, string? trail, string? date, string folder)
    {
        var partition = new Partition(cluster, trail, date is null ? null : DateOnly.Parse(date, CultureInfo.InvariantCulture));

        Assert.Equal(folder, partition.Folder);
        Assert.Equal(partition, Partition.OfFile($"{folder}/part-00000001-0123456789abcdef.parquet"));
    }
}
