using Amazon.Runtime;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>An access key in files, as a mounted Secret has it; a new key is used within seconds of its arrival.</summary>
sealed class FileCredentials(StaticCredentialsConfiguration files, TimeProvider time) : AWSCredentials
{
    static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    readonly Lock gate = new();
    ImmutableCredentials? current;
    long readAt;

    /// <exception cref="SinkException">A file is missing, empty or unreadable.</exception>
    public override ImmutableCredentials GetCredentials()
    {
        lock (gate)
        {
            if (current is null || time.GetElapsedTime(readAt) >= Freshness)
                (current, readAt) = (Read(), time.GetTimestamp());
            return current;
        }
    }

    /// <summary>Has the files read again at the next use: the store refused what they said.</summary>
    public void Forget()
    {
        lock (gate)
            current = null;
    }

    ImmutableCredentials Read() => new(
        ReadValue(files.AccessKeyIdPath),
        ReadValue(files.SecretAccessKeyPath),
        files.SessionTokenPath is { } path ? ReadValue(path) : null);

    static string ReadValue(string path)
    {
        try
        {
            return RegularFile.ReadText(path, RegularFile.MostValueBytes).Trim() is { Length: > 0 } value
                ? value
                : throw new SinkException("NoCredentials", $"The credential file {path} is empty. Put the value into the Secret.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SinkException("NoCredentials", $"The credential file {path} cannot be read: {e.Message} Check the Secret.", e);
        }
    }
}
