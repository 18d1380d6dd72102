using System.Text;
using ClusterTrail.Lake.Events;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Lake.Tests.Events;

public sealed class RecordColumnsTests
{
    [Theory]
    [InlineData("""{"eventName":"create pods/exec"}""", nameof(EventColumn.Verb), "create")]
    [InlineData("""{"eventName":"exec"}""", nameof(EventColumn.Verb), "exec")]
    [InlineData("""{"eventName":"get /healthz"}""", nameof(EventColumn.Verb), "get")]
    [InlineData("""{"objectRef":{"resource":"pods","name":"own"}}""", nameof(EventColumn.Name), "own")]
    [InlineData("""{"objectRef":{"name":"own"},"event":{"objectRef":{"name":"of-event"}}}""", nameof(EventColumn.Name), "of-event")]
    [InlineData("""{"event":{"objectRef":{"name":"of-event"}},"objectRef":{"name":"own"}}""", nameof(EventColumn.Name), "of-event")]
    [InlineData("""{"objectRef":{"apiGroup":"apps","subresource":"scale"}}""", nameof(EventColumn.Group), "apps")]
    [InlineData("""{"objectRef":{"apiGroup":"apps","subresource":"scale"}}""", nameof(EventColumn.Subresource), "scale")]
    [InlineData("""{"event":{"container":{"namespace":"shop","pod":"cart-0","name":"app"}}}""", nameof(EventColumn.Namespace), "shop")]
    [InlineData("""{"event":{"container":{"namespace":"shop","pod":"cart-0","name":"app"}}}""", nameof(EventColumn.Container), "app")]
    [InlineData("""{"errorCode":"Forbidden","reason":"other"}""", nameof(EventColumn.Reason), "Forbidden")]
    [InlineData("""{"eventCategory":"Unparsable","reason":"NotJson"}""", nameof(EventColumn.Reason), "NotJson")]
    [InlineData("""{"event":{"loss":{"reason":"BufferFull"}}}""", nameof(EventColumn.Reason), "BufferFull")]
    [InlineData("""{"event":{"annotations":{"authorization.k8s.io/decision":"forbid"}}}""", nameof(EventColumn.Decision), "forbid")]
    [InlineData("""{"event":{"responseStatus":{"code":403}}}""", nameof(EventColumn.Status), "403")]
    [InlineData("""{"trail":"first","trail":"last"}""", nameof(EventColumn.Trail), "last")]
    [InlineData("""{"userIdentity":null,"event":"text","objectRef":[1],"insightDetails":7}""", nameof(EventColumn.User), "")]
    [InlineData("""{"userIdentity":{"userName":{"is":"an object"}}}""", nameof(EventColumn.User), "")]
    [InlineData("""{"event":{"requestObject":{"user":{"groups":["no"]}},"user":{"groups":"no list"}}}""", nameof(EventColumn.Groups), "no list")]
    [InlineData("{}", nameof(EventColumn.Id), "")]
    public void AColumnIsFoundWhereverTheRecordHasIt(string record, string column, string expected)
    {
        Assert.True(RecordColumns.TryRead(Encoding.UTF8.GetBytes(record), new(), new int[RecordMember.Places], out var columns));

        Assert.Equal(expected, Encoding.UTF8.GetString(columns.Text(Enum.Parse<EventColumn>(column))));
    }

    [Theory]
    [InlineData("""{"event":{"user":{"groups":["a","b"]}}}""", "a b")]
    [InlineData("""{"event":{"user":{"groups":[]}}}""", "")]
    [InlineData("""{"event":{"user":{"groups":"a"}}}""", null)]
    [InlineData("""{"event":{"user":{}}}""", null)]
    public void AListHasItsItems(string record, string? expected)
    {
        Assert.True(RecordColumns.TryRead(Encoding.UTF8.GetBytes(record), new(), new int[RecordMember.Places], out var columns));

        var isList = columns.TryList(EventColumn.Groups, out var items);
        var texts = new List<string>();
        foreach (var item in items)
            texts.Add(Encoding.UTF8.GetString(columns.Item(item)));

        Assert.Equal(expected is not null, isList);
        Assert.Equal(expected ?? "", isList ? string.Join(' ', texts) : "");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"open\":")]
    [InlineData("")]
    public void WhatIsNoObjectIsNoRecord(string text) =>
        Assert.False(RecordColumns.TryRead(Encoding.UTF8.GetBytes(text), new JsonIndex(), new int[RecordMember.Places], out _));
}
