using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Agent.Sources.Feeds.Hubs;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Feeds.Hubs;

public sealed class HubKeyTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    EventHubsSourceConfiguration Configuration => new()
    {
        Namespace = "localhost",
        EventHub = "kube-audit",
        ConnectionStringPath = folder.Join("connection"),
    };

    [Theory]
    [InlineData("Endpoint=sb://localhost/;SharedAccessKeyName=listen;SharedAccessKey=k", "listen", "k", null)]
    [InlineData("Endpoint=sb://LOCALHOST/;SharedAccessKeyName=listen;SharedAccessKey=k;EntityPath=kube-audit\n", "listen", "k", null)]
    [InlineData(
        "Endpoint=sb://localhost/;SharedAccessSignature=SharedAccessSignature sr=a&sig=b", null, null, "SharedAccessSignature sr=a&sig=b")]
    public void AKeyOrASignatureIsTaken(string text, string? name, string? key, string? signature)
    {
        File.WriteAllText(folder.Join("connection"), text);

        var read = HubKey.Read(Configuration);

        Assert.Equal(new(name, key, signature), read);
        Assert.Equal(name ?? "a signature", $"{read}");
    }

    [Theory]
    [InlineData("", "is not a connection string such as Endpoint=sb://…/;SharedAccessKeyName=…;SharedAccessKey=…")]
    [InlineData("secret", "is not a connection string such as Endpoint=sb://…/;SharedAccessKeyName=…;SharedAccessKey=…")]
    [InlineData(
        "Endpoint=sb://acme.example/;SharedAccessKeyName=listen;SharedAccessKey=secret", "is of another namespace than localhost")]
    [InlineData(
        "Endpoint=sb://localhost/;SharedAccessKeyName=listen;SharedAccessKey=secret;EntityPath=other",
        "is of another event hub than kube-audit")]
    [InlineData(
        "Endpoint=sb://localhost/;SharedAccessKeyName=listen",
        "has neither SharedAccessKeyName and SharedAccessKey, nor SharedAccessSignature")]
    public void AConnectionStringOfSomethingElseIsNamedWithoutItsSecret(string text, string problem)
    {
        var path = folder.Join("connection");
        File.WriteAllText(path, text);

        var wrong = Assert.Throws<FeedException>(() => HubKey.Read(Configuration));

        Assert.Equal(
            $"The connection string {path} {problem}. Copy it from a shared access policy of the hub that may Listen.", wrong.Message);
        Assert.DoesNotContain("=secret", wrong.ToString());
    }

    [Fact]
    public void AConnectionStringThatIsMissingIsNamed()
    {
        File.Delete(folder.Join("connection"));

        Assert.StartsWith(
            $"The connection string {folder.Join("connection")} cannot be read: ",
            Assert.Throws<FeedException>(() => HubKey.Read(Configuration)).Message);
    }

    public void Dispose() => folder.Dispose();
}
