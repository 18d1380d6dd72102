using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using ClusterTrail.Contract;
using LockMode = ClusterTrail.Contract.ObjectLockMode;
using Retention = ClusterTrail.Contract.ObjectLockConfiguration;

namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>What is asked of S3 for one object.</summary>
static class PutRequest
{
    /// <param name="conditional">Whether the store is to refuse it when the name is there already.</param>
    public static PutObjectRequest Build(SealedObject sealedObject, S3SinkConfiguration sink, bool conditional, DateTimeOffset now)
    {
        var request = new PutObjectRequest
        {
            BucketName = sink.Bucket,
            Key = sink.Prefix.Length == 0 ? sealedObject.Name : $"{sink.Prefix}/{sealedObject.Name}",
            InputStream = Stream(sealedObject.Content),
            ContentType = ContentType(sealedObject.Name),
            Metadata = { ["sha256"] = Convert.ToHexStringLower(sealedObject.Sha256.Span) },
            IfNoneMatch = conditional ? "*" : null,
            StorageClass = sink.StorageClass is { } storageClass ? new S3StorageClass(storageClass) : null,
            UseChunkEncoding = false, // one signature over all bytes, which every store checks
        };
        AddChecksum(request, sealedObject, sink.Checksums);
        AddEncryption(request, sink.Encryption);
        AddObjectLock(request, sink.ObjectLock, now);
        return request;
    }

    /// <summary>The MD5 of the content: what most stores answer as the ETag.</summary>
    public static byte[] Md5(SealedObject sealedObject) => MD5.HashData(sealedObject.Content.Span);

    static MemoryStream Stream(ReadOnlyMemory<byte> content) => MemoryMarshal.TryGetArray(content, out var array)
        ? new(array.Array!, array.Offset, array.Count, writable: false)
        : new(content.ToArray(), writable: false);

    static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".zst" => "application/zstd",
        ".gz" => "application/gzip",
        ".cms" => "application/pkcs7-mime",
        ".json" => "application/json",
        _ => "application/octet-stream",
    };

    // A bucket with Object Lock, its default retention included, refuses a put without one of the two. All stores know the first.
    static void AddChecksum(PutObjectRequest request, SealedObject sealedObject, S3Checksums checksums)
    {
        if (checksums == S3Checksums.WhenSupported)
            request.ChecksumSHA256 = Convert.ToBase64String(sealedObject.Sha256.Span);
        else
            request.MD5Digest = Convert.ToBase64String(Md5(sealedObject));
    }

    static void AddEncryption(PutObjectRequest request, S3EncryptionConfiguration encryption)
    {
        switch (encryption.Type)
        {
            case S3EncryptionType.SseS3:
                request.ServerSideEncryptionMethod = ServerSideEncryptionMethod.AES256;
                break;
            case S3EncryptionType.SseKms:
                request.ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS;
                request.ServerSideEncryptionKeyManagementServiceKeyId = encryption.KmsKeyId;
                request.BucketKeyEnabled = encryption.BucketKey ? true : null;
                break;
        }
    }

    static void AddObjectLock(PutObjectRequest request, Retention? objectLock, DateTimeOffset now)
    {
        if (objectLock is null)
            return;

        request.ObjectLockMode = objectLock.Mode == LockMode.Compliance
            ? Amazon.S3.ObjectLockMode.Compliance
            : Amazon.S3.ObjectLockMode.Governance;
        request.ObjectLockRetainUntilDate = now.UtcDateTime.AddDays(objectLock.RetentionDays);
    }
}
