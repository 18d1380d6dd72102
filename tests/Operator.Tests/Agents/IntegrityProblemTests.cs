using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Agents;

namespace ClusterTrail.Operator.Tests.Agents;

public sealed class IntegrityProblemTests : IDisposable
{
    readonly SigningKey key = SigningKey.Generate();

    public void Dispose() => key.Dispose();

    [Fact]
    public void WhatAnAgentSaysIsTaken()
    {
        Assert.Null(Problem(Report()));
        Assert.Null(Problem(new() { Chain = "agent", Sequence = 0 }));
        Assert.Null(Problem(new() { Chain = "agent", Sequence = 0, Confirmed = new() { Sequence = 0 } }));
        Assert.Null(Problem(Report() with { Confirmed = new() { Sequence = 0 } }));
        Assert.Null(Problem(Report() with { Confirmed = Confirmed(6) with { Sha256 = new('c', 64) } }));
        Assert.Null(Problem(Report() with { Confirmed = Confirmed(7) }));
        Assert.Null(Problem(Report() with { KeyId = null, PublicKey = null, NextBy = null, Records = [new('a', 64)] }));
    }

    [Fact]
    public void WhatNoAgentSaysIsRefusedByItsField()
    {
        using var other = SigningKey.Generate();
        (string Field, IntegrityStatus Report)[] wrong =
        [
            ("chain", Report() with { Chain = null! }),
            ("chain", Report() with { Chain = "" }),
            ("chain", Report() with { Chain = "../x" }),
            ("chain", Report() with { Chain = "another" }),
            ("chain", Report() with { Chain = new('a', 33) }),
            ("sequence", Report() with { Sequence = -1 }),
            ("sequence", Report() with { Sequence = long.MaxValue }),
            ("sequence", Report() with { Sha256 = null }),
            ("sequence", Report() with { ChainId = null }),
            ("sequence", Report() with { Until = null }),
            ("chainId", Report() with { ChainId = new('A', 32) }),
            ("chainId", Report() with { ChainId = new('a', 31) }),
            ("sha256", Report() with { Sha256 = "x" }),
            ("nextBy", Report() with { NextBy = Some.Noon.AddHours(4) }),
            ("records", Report() with { Records = [null!] }),
            ("records", Report() with { Records = ["x"] }),
            ("records", Report() with { Records = [.. Enumerable.Repeat(new string('a', 64), 65)] }),
            ("confirmed", Report() with { Confirmed = Confirmed(8) }),
            ("confirmed", Report() with { Confirmed = Confirmed(7) with { Sha256 = new('c', 64) } }),
            ("confirmed", Report() with { Confirmed = Confirmed(6) with { ChainId = new('e', 32) } }),
            ("confirmed", Report() with { Confirmed = Confirmed(6) with { ChainId = null } }),
            ("confirmed", Report() with { Confirmed = Confirmed(6) with { Sha256 = "x" } }),
            ("confirmed", Report() with { Confirmed = Confirmed(6) with { Sha256 = null } }),
            ("confirmed", Report() with { Confirmed = Confirmed(6) with { Until = null } }),
            ("confirmed", Report() with { Confirmed = Confirmed(0) }),
            ("confirmed", Report() with { Confirmed = Confirmed(-1) }),
            ("publicKey", Report() with { PublicKey = other.Public.Base64 }),
            ("publicKey", Report() with { PublicKey = "oops" }),
            ("publicKey", Report() with { PublicKey = new('A', 4096) }),
            ("publicKey", Report() with { PublicKey = null }),
            ("publicKey", Report() with { KeyId = null }),
        ];

        Assert.All(wrong, one => Assert.StartsWith($"integrity.{one.Field} of its status ", Problem(one.Report), StringComparison.Ordinal));
    }

    static ConfirmedStatus Confirmed(long sequence) =>
        new() { ChainId = new('a', 32), Sequence = sequence, Sha256 = new('b', 64), Until = Some.Noon };

    static string? Problem(IntegrityStatus report) => IntegrityProblem.Of(report, Some.Noon);

    IntegrityStatus Report() => new()
    {
        Chain = "agent",
        ChainId = new('a', 32),
        Sequence = 7,
        Sha256 = new('b', 64),
        Until = Some.Noon,
        NextBy = Some.Noon.AddHours(1),
        KeyId = key.Public.Id,
        PublicKey = key.Public.Base64,
        Records = [],
    };
}
