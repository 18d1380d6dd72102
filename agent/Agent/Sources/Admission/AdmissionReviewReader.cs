using System.Text;
using System.Text.Json;

namespace ClusterTrail.Agent.Sources.Admission;

/// <summary>Reads AdmissionReviews strictly: one is taken whole, or not at all.</summary>
static class AdmissionReviewReader
{
    public const string Version = "admission.k8s.io/v1";

    const int LongestUid = 128;

    static ReadOnlySpan<byte> Kind => "AdmissionReview"u8;

    /// <exception cref="AdmissionReviewException">It is none.</exception>
    public static AdmissionReview Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var request = ReadRequest(body);
            var review = ReadReview(request);
            Check(review);
            return review;
        }
        catch (JsonException e)
        {
            throw new AdmissionReviewException($"The body is not JSON: {e.Message}");
        }
    }

    static ReadOnlySpan<byte> ReadRequest(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> version = default, kind = default, request = default;
        var members = new JsonPieces(body);
        if (!members.Begin())
            throw new AdmissionReviewException("The body is not an object.");
        while (members.MoveNext())
        {
            switch (members.Name)
            {
                case var name when name.SequenceEqual("apiVersion"u8): Text(ref version, members, "apiVersion"); break;
                case var name when name.SequenceEqual("kind"u8): Text(ref kind, members, "kind"); break;
                case var name when name.SequenceEqual("request"u8): Object(ref request, members, "request"); break;
            }
        }

        members.End();
        if (!kind.SequenceEqual(Kind) || !version.SequenceEqual(Encoding.ASCII.GetBytes(Version)))
            throw new AdmissionReviewException($"The body is not an AdmissionReview of {Version}: set admissionReviewVersions: [v1].");
        return request.IsEmpty ? throw new AdmissionReviewException("The body has no request.") : request;
    }

    static AdmissionReview ReadReview(ReadOnlySpan<byte> request)
    {
        var review = new AdmissionReview();
        ReadOnlySpan<byte> operation = default, resource = default, requested = default, subresource = default, wanted = default;
        ReadOnlySpan<byte> dryRun = default;
        var members = new JsonPieces(request);
        members.Begin();
        while (members.MoveNext())
        {
            switch (members.Name)
            {
                case var name when name.SequenceEqual("uid"u8): Text(ref review.Uid, members, "request.uid"); break;
                case var name when name.SequenceEqual("operation"u8): Text(ref operation, members, "request.operation"); break;
                case var name when name.SequenceEqual("resource"u8): Object(ref resource, members, "request.resource"); break;
                case var name when name.SequenceEqual("requestResource"u8):
                    Object(ref requested, members, "request.requestResource");
                    break;
                case var name when name.SequenceEqual("subResource"u8): Text(ref subresource, members, "request.subResource"); break;
                case var name when name.SequenceEqual("requestSubResource"u8):
                    Text(ref wanted, members, "request.requestSubResource");
                    break;
                case var name when name.SequenceEqual("namespace"u8): Text(ref review.Namespace, members, "request.namespace"); break;
                case var name when name.SequenceEqual("name"u8): Text(ref review.Name, members, "request.name"); break;
                case var name when name.SequenceEqual("userInfo"u8): Object(ref review.User, members, "request.userInfo"); break;
                case var name when name.SequenceEqual("object"u8): Object(ref review.Object, members, "request.object"); break;
                case var name when name.SequenceEqual("oldObject"u8): Object(ref review.OldObject, members, "request.oldObject"); break;
                case var name when name.SequenceEqual("options"u8): Object(ref review.Options, members, "request.options"); break;
                case var name when name.SequenceEqual("dryRun"u8): Flag(ref dryRun, members, "request.dryRun"); break;
            }
        }

        review.Operation = OperationOf(operation);
        review.Resource = ReadResource(requested.IsEmpty ? resource : requested);
        review.Subresource = requested.IsEmpty ? subresource : wanted;
        review.IsDryRun = dryRun.SequenceEqual("true"u8);
        return review;
    }

    static AdmissionResource ReadResource(ReadOnlySpan<byte> resource)
    {
        var read = new AdmissionResource();
        var members = new JsonPieces(resource);
        if (!resource.IsEmpty && members.Begin())
        {
            while (members.MoveNext())
            {
                switch (members.Name)
                {
                    case var name when name.SequenceEqual("group"u8): Text(ref read.Group, members, "request.resource.group"); break;
                    case var name when name.SequenceEqual("version"u8): Text(ref read.Version, members, "request.resource.version"); break;
                    case var name when name.SequenceEqual("resource"u8):
                        Text(ref read.Resource, members, "request.resource.resource");
                        break;
                }
            }
        }

        return read;
    }

    static void Check(in AdmissionReview review)
    {
        if (review.Uid.IsEmpty || review.Uid.Length > LongestUid || !IsPlain(review.Uid))
            throw new AdmissionReviewException($"The review's request.uid is not 1 to {LongestUid} of a-z, A-Z, 0-9, '-', '_' and '.'.");
        if (review.Resource.Resource.IsEmpty || review.Resource.Version.IsEmpty)
            throw new AdmissionReviewException("The review's request.resource has no resource or no version.");
        if (review.User.IsEmpty)
            throw new AdmissionReviewException("The review has no request.userInfo.");
    }

    static AdmissionOperation OperationOf(ReadOnlySpan<byte> text) => text switch
    {
        _ when text.SequenceEqual("CREATE"u8) => AdmissionOperation.Create,
        _ when text.SequenceEqual("UPDATE"u8) => AdmissionOperation.Update,
        _ when text.SequenceEqual("DELETE"u8) => AdmissionOperation.Delete,
        _ when text.SequenceEqual("CONNECT"u8) => AdmissionOperation.Connect,
        _ => throw new AdmissionReviewException("The review's request.operation is not CREATE, UPDATE, DELETE or CONNECT."),
    };

    static bool IsPlain(ReadOnlySpan<byte> text)
    {
        foreach (var one in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)one) && one is not ((byte)'-' or (byte)'_' or (byte)'.'))
                return false;
        }

        return true;
    }

    static void Text(ref ReadOnlySpan<byte> value, in JsonPieces members, string name) =>
        Take(ref value, members, name, members.Type == JsonTokenType.String, "a string");

    static void Object(ref ReadOnlySpan<byte> value, in JsonPieces members, string name) =>
        Take(ref value, members, name, members.Type == JsonTokenType.StartObject, "an object");

    static void Flag(ref ReadOnlySpan<byte> value, in JsonPieces members, string name) =>
        Take(ref value, members, name, members.Type is JsonTokenType.True or JsonTokenType.False, "true or false");

    static void Take(ref ReadOnlySpan<byte> value, in JsonPieces members, string name, bool isOfType, string type)
    {
        if (members.Type == JsonTokenType.Null)
            return;
        if (!isOfType)
            throw new AdmissionReviewException($"The review's {name} is not {type}.");
        value = value.IsEmpty ? members.Value : throw new AdmissionReviewException($"The review's {name} is there twice.");
    }
}
