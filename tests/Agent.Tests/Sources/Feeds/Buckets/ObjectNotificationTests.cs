using System.Text.Json;
using ClusterTrail.Agent.Sources.Feeds.Buckets;

namespace ClusterTrail.Agent.Tests.Sources.Feeds.Buckets;

public sealed class ObjectNotificationTests
{
    const string OfS3 = """
        {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"s3SchemaVersion":"1.0",
        "bucket":{"name":"audit","arn":"arn:aws:s3:::audit"},
        "object":{"key":"eks/a+b%2Bc%C3%A9","size":1024,"eTag":"d41d8cd98f00b204e9800998ecf8427e"}}},
        {"eventName":"ObjectRemoved:Delete","s3":{"bucket":{"name":"audit"},"object":{"key":"gone"}}}]}
        """;

    static readonly ObjectNotification Expected = new("audit", "eks/a b+cé", "d41d8cd98f00b204e9800998ecf8427e");

    [Fact]
    public void S3NamesWhatWasCreatedUrlEncoded() => Assert.Equal([Expected], ObjectNotification.Parse(OfS3)!);

    [Fact]
    public void SnsPutsItIntoAMessage() =>
        Assert.Equal([Expected], ObjectNotification.Parse(JsonSerializer.Serialize(new { Type = "Notification", Message = OfS3 }))!);

    [Fact]
    public void EventBridgeNamesItAsItIs() => Assert.Equal(
        [Expected],
        ObjectNotification.Parse("""
            {"detail-type":"Object Created","source":"aws.s3","detail":{"bucket":{"name":"audit"},
            "object":{"key":"eks/a b+cé","size":5,"etag":"d41d8cd98f00b204e9800998ecf8427e"}}}
            """)!);

    [Theory]
    [InlineData("""{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"audit"}""")]
    [InlineData("""{"detail-type":"Object Deleted","detail":{"bucket":{"name":"audit"},"object":{"key":"a"}}}""")]
    [InlineData("""{"Records":[]}""")]
    public void SomeNameNothing(string body) => Assert.Empty(ObjectNotification.Parse(body)!);

    [Theory]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("5")]
    [InlineData("""{"Message":"hello"}""")]
    public void OthersAreNone(string body) => Assert.Null(ObjectNotification.Parse(body));
}
