using System.Diagnostics;
using ClusterTrail.Agent.Events;

var data = File.ReadAllBytes(args[0]);
var index = new JsonIndex();
for (var round = 0; round < 40; round++)
{
    var before = Stopwatch.GetTimestamp();
    var rest = data.AsSpan();
    int events = 0, bad = 0;
    while (true)
    {
        var end = rest.IndexOf((byte)'\n');
        if (end < 0) break;
        if (args[1] == "index" ? index.TryIndex(rest[..end]) : AuditEvent.TryParse(rest[..end], index, out _, out _)) events++; else bad++;
        rest = rest[(end + 1)..];
    }
    if (round % 10 == 9) Console.WriteLine($"{data.Length / 1e6 / Stopwatch.GetElapsedTime(before).TotalSeconds:F0} MB/s {events} {bad}");
}
return 0;
