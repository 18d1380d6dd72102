using System.Buffers;
using System.Text.Json;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources.Admission;

/// <summary>The URI that a request must have had, as an audit log would have it: rules read the commands of an exec there.</summary>
/// <remarks>
/// What a client wrote differently to the same effect is not known: the order of parameters, and those that the API server does not pass
/// on.
/// </remarks>
static class RequestUri
{
    static readonly SearchValues<byte> PathBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/:@!$&'()*+,;="u8);
    static readonly SearchValues<byte> QueryBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~"u8);

    static ReadOnlySpan<byte> Hex => "0123456789ABCDEF"u8;

    /// <summary>Appends it; it needs no escapes in a JSON string.</summary>
    public static void Write(in AdmissionReview review, IBufferWriter<byte> uri)
    {
        if (review.Resource.Group.IsEmpty)
        {
            uri.Write("/api"u8);
        }
        else
        {
            uri.Write("/apis"u8);
            WritePart(review.Resource.Group, uri);
        }

        WritePart(review.Resource.Version, uri);
        if (!review.Namespace.IsEmpty && !IsNamespace(review))
        {
            uri.Write("/namespaces"u8);
            WritePart(review.Namespace, uri);
        }

        WritePart(review.Resource.Resource, uri);
        if (review.Operation != AdmissionOperation.Create || !review.Subresource.IsEmpty)
            WritePart(review.Name, uri);
        WritePart(review.Subresource, uri);
        WriteQuery(review, uri);
    }

    /// <summary>Whether the request was for a namespace itself.</summary>
    public static bool IsNamespace(in AdmissionReview review) =>
        review.Resource.Group.IsEmpty && review.Resource.Resource.SequenceEqual("namespaces"u8);

    static void WritePart(ReadOnlySpan<byte> raw, IBufferWriter<byte> uri)
    {
        if (raw.IsEmpty)
            return;
        uri.Write("/"u8);
        WriteEncoded(raw, PathBytes, uri);
    }

    // Of a CONNECT the options are the object. Those of a DELETE are its body.
    static void WriteQuery(in AdmissionReview review, IBufferWriter<byte> uri)
    {
        var isConnect = review.Operation == AdmissionOperation.Connect;
        var options = isConnect ? review.Object : review.Operation == AdmissionOperation.Delete ? default : review.Options;
        var (count, isDryRunSaid) = (0, false);
        var members = new JsonPieces(options);
        if (!options.IsEmpty && members.Begin())
        {
            // The path of a proxy stands before the query, wherever it stands in the options.
            if (isConnect)
                WriteProxyPath(options, uri);
            while (members.MoveNext())
            {
                if (members.Name.SequenceEqual("kind"u8) || members.Name.SequenceEqual("apiVersion"u8)
                    || (isConnect && members.Name.SequenceEqual("path"u8)))
                    continue;
                isDryRunSaid |= members.Name.SequenceEqual("dryRun"u8);
                WriteParameters(members.Name, members.Value, members.Type, ref count, uri);
            }
        }

        if (review.IsDryRun && !isDryRunSaid)
            WriteParameter("dryRun"u8, "All"u8, ref count, uri);
    }

    static void WriteProxyPath(ReadOnlySpan<byte> options, IBufferWriter<byte> uri)
    {
        var members = new JsonPieces(options);
        members.Begin();
        while (members.MoveNext())
        {
            if (!members.Name.SequenceEqual("path"u8) || members.Type != JsonTokenType.String || members.Value.IsEmpty)
                continue;
            if (members.Value[0] != (byte)'/')
                uri.Write("/"u8);
            WriteEncoded(members.Value, PathBytes, uri);
        }
    }

    static void WriteParameters(
        ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, JsonTokenType type, ref int count, IBufferWriter<byte> uri)
    {
        if (type is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False)
        {
            WriteParameter(name, value, ref count, uri);
            return;
        }

        if (type != JsonTokenType.StartArray)
            return;
        var items = new Utf8JsonReader(value);
        items.Read();
        while (items.Read() && items.TokenType is JsonTokenType.String or JsonTokenType.Number)
            WriteParameter(name, items.ValueSpan, ref count, uri);
    }

    static void WriteParameter(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref int count, IBufferWriter<byte> uri)
    {
        uri.Write(count++ == 0 ? "?"u8 : "&"u8);
        WriteEncoded(name, QueryBytes, uri);
        uri.Write("="u8);
        WriteEncoded(value, QueryBytes, uri);
    }

    static void WriteEncoded(ReadOnlySpan<byte> raw, SearchValues<byte> plain, IBufferWriter<byte> uri)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, raw.Length));
        try
        {
            ReadOnlySpan<byte> rest = buffer.AsSpan(0, JsonEscapes.Unescape(raw, buffer));
            while (!rest.IsEmpty)
            {
                var length = rest.IndexOfAnyExcept(plain) is >= 0 and var other ? other : rest.Length;
                uri.Write(rest[..length]);
                rest = rest[length..];
                if (rest.IsEmpty)
                    return;
                // As Go's url.QueryEscape, whose readers take both.
                uri.Write([(byte)'%', Hex[rest[0] >> 4], Hex[rest[0] & 15]]);
                rest = rest[1..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
