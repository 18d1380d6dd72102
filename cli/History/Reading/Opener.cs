using ClusterTrail.Archive.Sealing;
using ClusterTrail.Kms;

namespace ClusterTrail.History.Reading;

/// <summary>Turns stored bytes into the compressed records, with the private key where it takes one.</summary>
sealed class Opener(RecipientKey? key, KmsKey? kms = null) : IDisposable
{
    internal const string NoKey = "give the private key with --key, or --kms-key";

    internal bool HasKey => key is not null;

    /// <exception cref="TrailException">The key file cannot be read or holds no key that could open anything.</exception>
    internal static Opener FromKeyFile(string? path)
    {
        if (path is null)
            return new(null);
        var pem = NamedFile.Read(path, NamedFile.MostKeyBytes);
        try
        {
            return new(RecipientKey.FromPem(System.Text.Encoding.UTF8.GetString(pem.Span)));
        }
        catch (KeyRefusedException e)
        {
            throw new TrailException(ExitCode.BadUsage, $"--key {path} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Reads all of an envelope, and gives what it contains.</summary>
    /// <exception cref="TrailException">There is no key or another one is needed, or it is not an envelope as it was sealed.</exception>
    internal ReadOnlyMemory<byte> Open(string name, ObjectStream stored)
    {
        if (key is null)
            throw new TrailException(ExitCode.CannotDecrypt, $"{name} is encrypted; {NoKey}.");
        try
        {
            var envelope = NamedFile.Read(stored, Limits.EncryptedBytes, stored.StoredBytes);
            // The platform does not say that several threads may use a key. Next to reading an object this takes no time; KMS does.
            lock (kms is null ? key : new object())
                return EnvelopeReader.OpenInPlace(envelope, key);
        }
        catch (InputTooLargeException e)
        {
            throw new TrailException(ExitCode.Unreadable, $"{name} cannot be decrypted: {e.Message}, and agents write smaller objects.", e);
        }
        catch (NotForThisKeyException e)
        {
            throw new ObjectException(
                ExitCode.CannotDecrypt, name, $"cannot be decrypted: {e.Message}", e.Message, "give another key with --key", e);
        }
        catch (KmsException e)
        {
            throw new ObjectException(
                ExitCode.CannotDecrypt, name, $"cannot be decrypted: {e.Message}", e.Message, "see what KMS says", e);
        }
        // Each object that was changed is worth a sentence of its own.
        catch (EnvelopeException e)
        {
            throw new TrailException(ExitCode.Unreadable, $"{name} cannot be decrypted: {e.Message}.", e);
        }
    }

    public void Dispose()
    {
        key?.Dispose();
        kms?.Dispose();
    }
}
