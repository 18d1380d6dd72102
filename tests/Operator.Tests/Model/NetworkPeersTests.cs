using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Tests.Model;

public sealed class NetworkPeersTests
{
    [Theory]
    [InlineData("""[{"podSelector":{}}]""", true)]
    [InlineData("""[{"podSelector":{}},{"ipBlock":{"cidr":"192.0.2.0/24"}}]""", true)]
    [InlineData("[]", false)]
    [InlineData("[{}]", false)]
    [InlineData("""[{"podSelector":{}},7]""", false)]
    [InlineData("{}", false)]
    [InlineData("all", false)]
    [InlineData("", false)]
    public void AListWithAPeerAtLeastIsValid(string json, bool isValid) => Assert.Equal(isValid, NetworkPeers.IsValid(json));
}
