using ClusterTrail.Lake.Query;

namespace ClusterTrail.Kubectl.Query;

/// <summary>Prints what statements result in.</summary>
interface IResultPrinter
{
    /// <summary>Prints all rows as they come, and gives their number.</summary>
    long Print(QueryResult result);
}
