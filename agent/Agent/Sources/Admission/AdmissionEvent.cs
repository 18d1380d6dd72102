using System.Buffers;
using System.Globalization;
using ClusterTrail.Agent.Sources.Webhook;

namespace ClusterTrail.Agent.Sources.Admission;

/// <summary>Makes an <c>audit.k8s.io/v1</c> event of an admission review, as far as one can.</summary>
/// <remarks>
/// The request has passed authentication, authorization and the mutating webhooks, and is not stored yet. So what became of it is not
/// known: the event says what it is if nothing refuses it, that rules and selectors mean what they mean elsewhere, and its annotations name
/// what is derived and what is missing.
/// </remarks>
static class AdmissionEvent
{
    static ReadOnlySpan<byte> Annotations =>
        """
        "annotations":{"clustertrail.io/source":"admission","clustertrail.io/derived":"level,stage,requestURI,verb,responseStatus,requestReceivedTimestamp","clustertrail.io/lost":"impersonatedUser,sourceIPs,userAgent,responseObject,annotations"}}
        """u8;

    /// <summary>Appends the event as a line.</summary>
    public static void Write(in AdmissionReview review, DateTimeOffset arrived, PooledBytes line)
    {
        var isSecret = IsSecret(review);
        line.Write("{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\""u8);
        line.Write(isSecret ? "Metadata"u8 : "Request"u8);
        line.Write("\",\"auditID\":\""u8);
        line.Write(review.Uid);
        line.Write("\",\"stage\":\"ResponseComplete\",\"requestURI\":\""u8);
        RequestUri.Write(review, line);
        line.Write("\",\"verb\":\""u8);
        line.Write(Verb(review));
        line.Write("\",\"user\":"u8);
        line.Write(review.User);
        WriteObjectRef(review, line);
        line.Write(",\"responseStatus\":{\"metadata\":{},\"code\":"u8);
        line.Write(Code(review));
        line.Write("}"u8);
        var body = isSecret ? default : Body(review);
        if (!body.IsEmpty)
        {
            line.Write(",\"requestObject\":"u8);
            line.Write(body);
        }

        WriteTimes(arrived, line);
        line.Write(Annotations);
        EndLine(line);
    }

    // JSON has line ends only between tokens.
    static void EndLine(PooledBytes line)
    {
        line.Replace((byte)'\n', (byte)' ');
        line.Replace((byte)'\r', (byte)' ');
        line.Write("\n"u8);
    }

    // A client chooses between get (WebSocket) and create (SPDY); who may do the one may do the other. What a proxy was asked is not said.
    static ReadOnlySpan<byte> Verb(in AdmissionReview review) => review.Operation switch
    {
        AdmissionOperation.Create => "create"u8,
        AdmissionOperation.Delete => "delete"u8,
        AdmissionOperation.Update => IsPatch(review.Options) ? "patch"u8 : "update"u8,
        _ => IsProxy(review) ? "get"u8 : "create"u8,
    };

    static ReadOnlySpan<byte> Code(in AdmissionReview review) => review.Operation switch
    {
        AdmissionOperation.Create => "201"u8,
        AdmissionOperation.Connect when !IsProxy(review) => "101"u8,
        _ => "200"u8,
    };

    static bool IsProxy(in AdmissionReview review) => review.Subresource.SequenceEqual("proxy"u8);

    // API servers say UpdateOptions of patches too, at least up to 1.36.
    static bool IsPatch(ReadOnlySpan<byte> options)
    {
        var members = new JsonPieces(options);
        if (options.IsEmpty || !members.Begin())
            return false;
        while (members.MoveNext())
        {
            if (members.Name.SequenceEqual("kind"u8))
                return members.Value.SequenceEqual("PatchOptions"u8);
        }

        return false;
    }

    // What audit policies leave out, too: the values of secrets, and tokens.
    static bool IsSecret(in AdmissionReview review) => review.Resource.Group switch
    {
        { IsEmpty: true } => review.Resource.Resource.SequenceEqual("secrets"u8)
            || (review.Resource.Resource.SequenceEqual("serviceaccounts"u8) && review.Subresource.SequenceEqual("token"u8)),
        var group => group.SequenceEqual("authentication.k8s.io"u8) && review.Resource.Resource.SequenceEqual("tokenreviews"u8),
    };

    // As an audit log has it: of a DELETE its options, of a CONNECT nothing. What was deleted or replaced is no part of an event.
    static ReadOnlySpan<byte> Body(in AdmissionReview review) => review.Operation switch
    {
        AdmissionOperation.Connect => default,
        AdmissionOperation.Delete => review.Options,
        _ => review.Object,
    };

    static void WriteObjectRef(in AdmissionReview review, PooledBytes line)
    {
        var isConnect = review.Operation == AdmissionOperation.Connect;
        var meta = ObjectMeta.Of(isConnect ? default : review.Object.IsEmpty ? review.OldObject : review.Object);
        line.Write(",\"objectRef\":{\"resource\":\""u8);
        line.Write(review.Resource.Resource);
        line.Write("\""u8);
        // Who creates a namespace does that in none.
        if (review.Operation != AdmissionOperation.Create || !review.Subresource.IsEmpty || !RequestUri.IsNamespace(review))
            WriteMember(",\"namespace\":\""u8, review.Namespace, line);
        WriteMember(",\"name\":\""u8, review.Name.IsEmpty ? meta.Name : review.Name, line);
        WriteMember(",\"uid\":\""u8, meta.Uid, line);
        WriteMember(",\"apiGroup\":\""u8, review.Resource.Group, line);
        WriteMember(",\"apiVersion\":\""u8, review.Resource.Version, line);
        WriteMember(",\"resourceVersion\":\""u8, review.Object.IsEmpty ? default : meta.ResourceVersion, line);
        WriteMember(",\"subresource\":\""u8, review.Subresource, line);
        line.Write("}"u8);
    }

    static void WriteMember(ReadOnlySpan<byte> before, ReadOnlySpan<byte> value, PooledBytes line)
    {
        if (value.IsEmpty)
            return;
        line.Write(before);
        line.Write(value);
        line.Write("\""u8);
    }

    static void WriteTimes(DateTimeOffset arrived, PooledBytes line)
    {
        Span<byte> time = stackalloc byte[40];
        arrived.UtcDateTime.TryFormat(time, out var length, "yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        line.Write(",\"requestReceivedTimestamp\":\""u8);
        line.Write(time[..length]);
        line.Write("Z\",\"stageTimestamp\":\""u8);
        line.Write(time[..length]);
        line.Write("Z\","u8);
    }
}
