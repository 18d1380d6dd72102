using System.Text;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>Numbers for calls.</summary>
public sealed class CallHashTests
{
    readonly JsonIndex index = new();

    [Fact]
    public void CallsOfWhichAnyPartDiffersDiffer()
    {
        string[] texts = ["", "a", "b", "aa", "a2345678901234567"];
        var hashes = from code in (int[])[200, 403]
                     from verb in texts
                     from resource in texts
                     from @group in texts
                     from user in texts
                     from agent in texts
                     from address in texts
                     select Of(verb, resource, @group, user, agent, address, code);
        var all = hashes.ToList();

        Assert.Equal(all.Count, all.Distinct().Count());
    }

    // Where a text ends matters, also when all of them together are the same bytes.
    [Fact]
    public void CallsOfWhichTheTextsEndElsewhereDiffer()
    {
        const string All = "0123456789012345678901234567890123456789";
        var hashes = from first in Enumerable.Range(0, All.Length + 1)
                     from second in Enumerable.Range(first, All.Length + 1 - first)
                     select Of("get", "pods", "", All[..first], All[first..second], All[second..], 200);
        var all = hashes.ToList();

        Assert.Equal(all.Count, all.Distinct().Count());
    }

    [Fact]
    public void TheSameCallHasTheSameHashWhateverElseTheEventSays() =>
        Assert.Equal(Of("get", "pods", "", "eve", "kubectl", "10.0.0.1", 200), Of("get", "pods", "", "eve", "kubectl", "10.0.0.1", 201));

    [Fact]
    public void AnotherSeedGivesAnotherHash() =>
        Assert.Equal(3, new ulong[] { 1, 2, 3 }.Select(seed => Of("get", "pods", "", "eve", "kubectl", "10.0.0.1", 200, seed)).Distinct().Count());

    ulong Of(string verb, string resource, string group, string user, string agent, string address, int code, ulong seed = 1)
    {
        var line = Encoding.UTF8.GetBytes($$"""
            {"level":"Metadata","stage":"ResponseComplete","verb":"{{verb}}","user":{"username":"{{user}}"},"sourceIPs":["{{address}}"],
            "userAgent":"{{agent}}","objectRef":{"resource":"{{resource}}","apiGroup":"{{group}}"},"responseStatus":{"code":{{code}} } }
            """);
        Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));
        return CallHash.Of(seed, audit, isError: code >= 400);
    }
}
