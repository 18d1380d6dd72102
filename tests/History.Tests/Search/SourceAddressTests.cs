using System.Net;
using System.Text;
using ClusterTrail.History.Search;

namespace ClusterTrail.History.Tests.Search;

public sealed class SourceAddressTests
{
    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3")]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3")]
    [InlineData("::FFFF:0a01:0203", "10.1.2.3")]
    [InlineData("2001:DB8:0:0:0:0:0:1", "2001:db8::1")]
    [InlineData("2001:db8::0001", "2001:db8::1")]
    public void AllSpellingsAreOneAddress(string text, string address)
    {
        Assert.True(SourceAddress.TryParse(text, out var parsed));
        Assert.Equal(IPAddress.Parse(address), parsed);
        Assert.True(SourceAddress.TryParse(Encoding.UTF8.GetBytes(text), out parsed));
        Assert.Equal(IPAddress.Parse(address), parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10.1")]
    [InlineData("010.1.2.3")]
    [InlineData("10.1.2.3.4")]
    [InlineData("10.1.2.")]
    [InlineData("0x0a010203")]
    [InlineData("::1, 10.0.0.1")]
    [InlineData("::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::")]
    public void WhatProgramsReadDifferentlyIsNone(string text)
    {
        Assert.False(SourceAddress.TryParse(text, out _));
        Assert.False(SourceAddress.TryParse(Encoding.UTF8.GetBytes(text), out _));
    }

    [Theory]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("::/0", "::/0")]
    [InlineData("fd00::/8", "fd00::/8")]
    public void ANetworkOfMappedAddressesIsOneOfIpv4(string network, string plain) =>
        Assert.Equal(IPNetwork.Parse(plain), SourceAddress.Plain(IPNetwork.Parse(network)));

    [Fact]
    public void ARecordCanHaveAnyOfTheSpellings()
    {
        Assert.True(SourceAddress.TryParse("::FFFF:10.1.2.3", out var mapped));
        Assert.True(SourceAddress.TryParse("2001:DB8::1", out var other));

        Assert.Equal(["::FFFF:10.1.2.3", "10.1.2.3", "::ffff:10.1.2.3"], SourceAddress.Spellings("::FFFF:10.1.2.3", mapped));
        Assert.Equal(["2001:DB8::1", "2001:db8::1"], SourceAddress.Spellings("2001:DB8::1", other));
    }
}
