using System.Text;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract.Execs;
using ClusterTrail.Contract.Labels;
using ClusterTrail.Contract.Records;
using ClusterTrail.Telemetry;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests;

/// <summary>The operator's key records, on their way into the archive.</summary>
public sealed class KeyRecordStoreTests : IDisposable
{
    const string Nonce = "0123456789abcdef";

    static readonly ChainOwner Owner = new("prod", "main", "cp-1", "agent");
    static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    readonly TemporaryFolder folder = new();
    readonly SigningKey key = SigningKey.Generate();
    readonly InMemorySink sink = new();
    readonly ManualTime time = new();

    public void Dispose()
    {
        key.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task ARecordIsStoredOnceUnderItsNameAndListedWhenTheSinkHasIt()
    {
        var agent = Start();
        var record = Enrolment(Owner);

        Assert.Null(agent.Store.Take(record.Bytes));
        Assert.Null(agent.Store.Take(record.Bytes));
        var before = agent.Store.Stored;
        await agent.DeliverAsync();

        Assert.Empty(before);
        Assert.Equal([record.Sha256], agent.Store.Stored);
        Assert.Equal(KeyEnrolment.Read(record).NameOf(record).ToString(), Assert.Single(sink.Puts));
        Assert.Equal(record.Bytes.ToArray(), sink.Objects.Values.Single());
        Assert.Null(agent.Store.Take(record.Bytes));
        Assert.Empty(agent.Spool.Held);
    }

    [Fact]
    public async Task WhatWasTakenSurvivesAKillBeforeAndAfterTheDelivery()
    {
        var record = Enrolment(Owner);
        Start().Store.Take(record.Bytes);

        var second = Start();
        Assert.Empty(second.Store.Stored);
        Assert.Null(second.Store.Take(record.Bytes));
        await second.DeliverAsync();
        var third = Start();

        Assert.Equal([record.Sha256], third.Store.Stored);
        Assert.Single(sink.Puts);
    }

    [Fact]
    public async Task WithoutItsMemoryTheSameRecordIsTheSameObject()
    {
        var record = Enrolment(Owner);
        var first = Start();
        first.Store.Take(record.Bytes);
        await first.DeliverAsync();
        File.WriteAllText(folder.Join("records"), "oops");

        var second = Start();
        Assert.Empty(second.Store.Stored);
        Assert.Null(second.Store.Take(record.Bytes));
        await second.DeliverAsync();

        Assert.Equal([record.Sha256], second.Store.Stored);
        Assert.Single(sink.Objects);
    }

    [Fact]
    public async Task ADamagedRecordIsNotListedAndIsTakenAgain()
    {
        var agent = Start();
        var record = Enrolment(Owner);
        agent.Store.Take(record.Bytes);
        File.WriteAllText(Assert.Single(agent.Spool.Held).Path, "oops");
        await agent.DeliverAsync();

        Assert.Empty(agent.Store.Stored);
        Assert.Null(agent.Store.Take(record.Bytes));
        await agent.DeliverAsync();

        Assert.Equal([record.Sha256], agent.Store.Stored);
        Assert.Single(sink.Objects);
    }

    [Theory]
    [InlineData("")]
    [InlineData("oops")]
    [InlineData("{}\n")]
    [InlineData("{}\nAAAA\n")]
    [InlineData("{\"kind\":\"KeyEnrolment\"}\nAAAA\n")]
    [InlineData("{\"kind\":5}\nAAAA\n")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[\nAAAA\n")]
    public void WhatIsNoRecordIsRefused(string body)
    {
        var agent = Start();

        Assert.NotNull(agent.Store.Take(Encoding.UTF8.GetBytes(body)));
        Assert.Empty(agent.Spool.Held);
    }

    [Fact]
    public void ARecordOfAnotherIsRefusedButARetirementOfAnyNode()
    {
        var agent = Start();

        Assert.Equal("an enrolment for another agent", agent.Store.Take(Enrolment(Owner with { Node = "cp-2" }).Bytes));
        Assert.Equal("an enrolment for another agent", agent.Store.Take(Enrolment(Owner with { Chain = "workloads" }).Bytes));
        Assert.Equal("an enrolment for another agent", agent.Store.Take(Enrolment(Owner with { Cluster = "dev" }).Bytes));
        Assert.Equal("a record of another cluster or Trail", agent.Store.Take(Retirement(Owner with { Trail = "other" }).Bytes));
        Assert.NotNull(agent.Store.Take(Retirement(Owner with { Node = "../../x" }).Bytes));
        Assert.NotNull(agent.Store.Take(Retirement(Owner with { Chain = "A/b" }).Bytes));
        Assert.Empty(agent.Spool.Held);
        Assert.Null(agent.Store.Take(Retirement(Owner with { Node = "gone" }).Bytes));
    }

    [Fact]
    public void ADigestIsNoRecord()
    {
        var json = Retirement(Owner).Content;
        json["kind"] = "Digest";

        Assert.Equal("neither an enrolment nor a retirement of a key", Start().Store.Take(SignedObject.Sign(json, key).Bytes));
    }

    [Fact]
    public void OnlySoManyWait()
    {
        var agent = Start();
        for (var at = 0; at < KeyRecords.MostWaiting; at++)
            Assert.Null(agent.Store.Take(Retirement(Owner with { Node = $"gone-{at}" }).Bytes));

        Assert.Equal("too many records wait for the sink", agent.Store.Take(Retirement(Owner).Bytes));
        Assert.Equal(KeyRecords.MostWaiting, agent.Spool.Held.Count);
    }

    [Fact]
    public void OnlyWhoHasTheTrailsKeyIsHeard()
    {
        var secret = Encoding.ASCII.GetBytes(new string('k', 32));
        File.WriteAllBytes(folder.Join("key"), secret);
        var agent = Start();
        var page = new RecordsExchange(agent.Store, new StatusKey(folder.Join("key"))).Page!;
        var body = Enrolment(Owner).Bytes;

        Assert.Equal(403, Status(null));
        Assert.Equal(403, Status(ExecSignature.Sign(secret, LabelsHandover.Purpose, Nonce, body.Span)));
        Assert.Equal(405, page.Answer(new(false, "", Nonce, null, default)).Page.StatusCode);
        Assert.Empty(agent.Spool.Held);
        Assert.Equal(200, Status(ExecSignature.Sign(secret, KeyRecords.Purpose, Nonce, body.Span)));
        // A replay changes nothing.
        Assert.Equal(200, Status(ExecSignature.Sign(secret, KeyRecords.Purpose, Nonce, body.Span)));
        Assert.Single(agent.Spool.Held);
        body = "oops"u8.ToArray();
        Assert.Equal(409, Status(ExecSignature.Sign(secret, KeyRecords.Purpose, Nonce, body.Span)));
        Assert.Null(new RecordsExchange(agent.Store, new StatusKey(null)).Page);

        int Status(string? signature) => page.Answer(new ExchangeRequest(true, "", Nonce, signature, body)).Page.StatusCode;
    }

    [Fact]
    public void AFullDiskIsSaid()
    {
        File.WriteAllBytes(folder.Join("key"), new byte[32]);
        var agent = Start(() => throw new IOException("full"));
        var page = new RecordsExchange(agent.Store, new StatusKey(folder.Join("key"))).Page!;
        var body = Enrolment(Owner).Bytes;

        var answer = page.Answer(new(true, "", Nonce, ExecSignature.Sign(new byte[32], KeyRecords.Purpose, Nonce, body.Span), body));

        Assert.Equal(503, answer.Page.StatusCode);
    }

    SignedObject Enrolment(ChainOwner owner)
    {
        using var agent = SigningKey.Generate();
        return SignedObject.Sign(
            new KeyEnrolment { Owner = owner, Key = agent.Public, EnrolledAt = Noon, OperatorKeyId = key.Public.Id }.ToJson(), key);
    }

    SignedObject Retirement(ChainOwner owner) => SignedObject.Sign(
        new KeyRetirement { Owner = owner, KeyId = key.Public.Id, RetiredAt = Noon, Why = "Gone.", OperatorKeyId = key.Public.Id }.ToJson(), key);

    Agent Start(Action? ensureOurs = null)
    {
        time.Advance(TimeSpan.FromMilliseconds(1));
        KeyRecordStore store = null!;
        var spool = new BatchSpool(folder.Join("spool"), 1 << 20, time) { Losing = (_, sequence) => store.NoteLost(sequence) };
        var spooled = spool.Open((_, _, _) => { });
        List<SpooledBatch> queue = [.. spooled];
        store = new(folder.Join("records"), Owner, new(spool, queue.Add), time, ensureOurs ?? (() => { }));
        return new(store, spool, queue, sink);
    }

    sealed record Agent(KeyRecordStore Store, BatchSpool Spool, List<SpooledBatch> Queue, InMemorySink Sink)
    {
        public async Task DeliverAsync()
        {
            foreach (var batch in Queue)
            {
                try
                {
                    var (header, content) = Spool.Read(batch, new());
                    await Sink.PutAsync(new(header.Name, content, Convert.FromHexString(header.Sha256)), TestContext.Current.CancellationToken);
                    Spool.Remove(batch);
                }
                catch (InvalidDataException)
                {
                    Spool.Quarantine(batch);
                }
            }

            Queue.Clear();
        }
    }
}
