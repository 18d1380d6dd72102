using System.Globalization;
using System.Text;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>The log of a cluster with many nodes: the real log once for each, and for each from another minute on.</summary>
static class BusyLog
{
    const int Nodes = 12;
    const string Time = "\"stageTimestamp\":\"";
    const string MinuteFormat = "yyyy-MM-ddTHH:mm";
    const string NodeUser = "system:node:node1\"";
    const string Address = "10.50.0.10\"";

    /// <summary>Writes at least so much; gives the size.</summary>
    public static long Write(string path, long bytes)
    {
        var lines = AuditLog.Lines().Select(line => Encoding.UTF8.GetString(line.Span));
        var minutes = lines.GroupBy(MinuteOf).OrderBy(minute => minute.Key).ToList();
        var start = DateTime.ParseExact(minutes[0].Key, MinuteFormat, CultureInfo.InvariantCulture);
        using var log = File.Create(path);
        for (var minute = 0; log.Length < bytes; minute++)
        {
            var now = start.AddMinutes(minute).ToString(MinuteFormat, CultureInfo.InvariantCulture);
            for (var node = 0; node < Nodes; node++)
            {
                var then = minutes[(minute + (node * minutes.Count / Nodes)) % minutes.Count];
                foreach (var line in then)
                {
                    log.Write(Encoding.UTF8.GetBytes(Of(node, line.Replace(then.Key, now))));
                }
            }
        }

        return log.Length;
    }

    static string MinuteOf(string line) => line.Substring(line.IndexOf(Time, StringComparison.Ordinal) + Time.Length, MinuteFormat.Length);

    // Only what a kubelet does comes from its node's user and address.
    static string Of(int node, string line) => !line.Contains(NodeUser, StringComparison.Ordinal) ? line
        : line.Replace(NodeUser, $"system:node:node{node}\"").Replace(Address, $"10.50.0.{node + 10}\"");
}
