using System.Runtime.CompilerServices;
using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Archive.Tests.Sealing;

/// <summary>An envelope sealed once, long ago as far as these tests know: what is in archives must stay readable.</summary>
public sealed class VectorTests
{
    [Theory]
    [InlineData("rsa2048")]
    [InlineData("p256")]
    [InlineData("p384")]
    public void AnEnvelopeOfEarlierStaysReadable(string keyName)
    {
        var cms = File.ReadAllBytes(PathOf("envelope.ndjson.gz.cms"));
        using var key = RecipientKey.FromPem(File.ReadAllText(PathOf($"{keyName}.key.pem")));

        var plain = EnvelopeReader.Open(cms, key);

        Assert.Equal(File.ReadAllBytes(PathOf("envelope.ndjson.gz")), plain);
    }

    static string PathOf(string name, [CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "data", "sealing", name);
}
