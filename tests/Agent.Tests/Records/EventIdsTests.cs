using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Agent.Records;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Tests.Records;

public sealed class EventIdsTests
{
    [Fact]
    public void AnIdIsAHashOfClusterNodeAndFileAndTheOffset()
    {
        var place = Encoding.UTF8.GetBytes("prod\0cp-1\00123456789abcdeffedcba9876543210");
        var expected = $"{Convert.ToHexStringLower(SHA256.HashData(place))[..24]}-{4711:x16}";

        Assert.Equal(expected, IdOf(new(Some.Origin), Some.Position));
    }

    [Fact]
    public void TheSameLineHasTheSameIdAndNoOtherHasIt()
    {
        var ids = new EventIds(Some.Origin);
        var otherFile = Some.Position with { File = new FileId(1, 2) };

        string[] all =
        [
            IdOf(ids, Some.Position),
            IdOf(ids, otherFile),
            IdOf(ids, Some.Position with { Offset = long.MaxValue }),
            IdOf(new(Some.Origin with { NodeName = "cp-2" }), Some.Position),
            IdOf(new(Some.Origin with { ClusterName = "test" }), Some.Position),
            IdOf(new(new("prod\0cp", "-1", "main")), Some.Position),
        ];

        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all[0], IdOf(ids, Some.Position));
        Assert.Equal(all[0], IdOf(new(Some.Origin with { Trail = "other" }), Some.Position));
        Assert.EndsWith("-7fffffffffffffff", all[2], StringComparison.Ordinal);
    }

    static string IdOf(EventIds ids, Position position)
    {
        var id = new byte[EventIds.Length];
        ids.Write(position, id);
        return Encoding.ASCII.GetString(id);
    }
}
