using ClusterTrail.Agent.Sources.Containers;

namespace ClusterTrail.Agent.Tests.Sources.Containers;

public sealed class PodLogNamesTests
{
    [Fact]
    public void APodsFolderHasNamespaceNameAndUid() =>
        Assert.Equal(new PodName("shop", "cart-0.x", "8d1b1f0a-2c3d"), PodLogNames.ParsePod("shop_cart-0.x_8d1b1f0a-2c3d"));

    [Theory]
    [InlineData("..")]
    [InlineData("shop_cart")]
    [InlineData("shop_.._8d1b1f0a-2c3d")]
    [InlineData("shop_a/b_8d1b1f0a-2c3d")]
    [InlineData("Shop_cart_8d1b1f0a-2c3d")]
    [InlineData("shop_cart_8d1b1f0a-2c3d\n")]
    public void AnyOtherFolderIsNone(string name) => Assert.Null(PodLogNames.ParsePod(name));

    [Theory]
    [InlineData("0.log", 0, "", false)]
    [InlineData("12.log.20261126-100000", 12, "20261126-100000", false)]
    [InlineData("3.log.20261126-100000.gz", 3, "20261126-100000", true)]
    public void ALogHasRestartAndRotation(string name, int restart, string rotated, bool compressed) =>
        Assert.Equal(new LogName(restart, rotated, compressed), PodLogNames.ParseLog(name));

    [Theory]
    [InlineData("0.log.20261126-100000.tmp")]
    [InlineData("0.log.20261126-100000.gz.tmp")]
    [InlineData("00.log")]
    [InlineData("99999999999.log")]
    [InlineData("../0.log")]
    [InlineData("0.log.gz")]
    public void WhatIsNoWholeLogIsNone(string name) => Assert.Null(PodLogNames.ParseLog(name));

    [Fact]
    public void TheLiveLogIsTheYoungestOfItsRestart() => Assert.Equal(
        ["0.log.20261126-100000.gz", "0.log.20261126-110000", "0.log", "1.log"],
        new[] { "1.log", "0.log", "0.log.20261126-110000", "0.log.20261126-100000.gz" }.OrderBy(name => PodLogNames.ParseLog(name)!.Value));

    [Fact]
    public void NoNameLeadsOutOfItsFolder()
    {
        var random = new Random(1);
        const string Characters = "ab_./-0\\\n\0Z";
        for (var run = 0; run < 100_000; run++)
        {
            var name = new string([.. Enumerable.Range(0, random.Next(24)).Select(_ => Characters[random.Next(Characters.Length)])]);
            if (PodLogNames.ParsePod(name) is not null || PodLogNames.IsContainer(name) || PodLogNames.ParseLog(name) is not null)
            {
                Assert.Equal(name, Path.GetFileName(name));
                Assert.DoesNotContain(name, (string[])["", ".", ".."]);
                Assert.DoesNotContain('\0', name);
            }
        }
    }
}
