using System.Text;
using ClusterTrail.Agent.Files;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Agent.Integrity;

/// <summary>The agent's own signing keys: one in force, and at a rotation the next one. They never leave the node.</summary>
/// <param name="ensureOurs">Throws an IOException when nothing may be written any more.</param>
sealed class ChainKeys(string folder, Action ensureOurs)
{
    string CurrentPath => Path.Combine(folder, "key.pem");

    string NextPath => Path.Combine(folder, "next-key.pem");

    /// <summary>
    /// Opens the key that is to sign in place of own ones, and is kept elsewhere; throws a <see cref="KeyUnavailableException"/>. Null: own
    /// keys sign.
    /// </summary>
    public Func<SigningKey>? Elsewhere { get; set; }

    /// <summary>Whether the key that a chain goes on with is lost for good, so that only another chain can begin.</summary>
    /// <exception cref="KeyUnavailableException">That is not known now.</exception>
    public bool IsLost(ChainState state) => state.IsKeyElsewhere
        ? !IsElsewhere(state.NextKeyId ?? state.KeyId)
        : !File.Exists(CurrentPath) && !File.Exists(NextPath);

    /// <summary>Whether the key with this id is the one that is kept elsewhere.</summary>
    /// <exception cref="KeyUnavailableException">That is not known now.</exception>
    public bool IsElsewhere(string id)
    {
        using var key = Elsewhere?.Invoke();
        return key?.Public.Id == id;
    }

    /// <summary>The key of a chain that begins; made if there is none.</summary>
    /// <exception cref="ChainKeyException">It cannot be used.</exception>
    /// <exception cref="KeyUnavailableException">It cannot be used now.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public SigningKey Current() => Elsewhere?.Invoke() ?? (File.Exists(CurrentPath) ? Read(CurrentPath) : Make(CurrentPath));

    /// <summary>The key to be announced; an own one is made if there is none.</summary>
    /// <exception cref="ChainKeyException">It cannot be used.</exception>
    /// <exception cref="KeyUnavailableException">It cannot be used now.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public SigningKey Next() => Elsewhere?.Invoke() ?? (File.Exists(NextPath) ? Read(NextPath) : Make(NextPath));

    /// <summary>The key with this id.</summary>
    /// <exception cref="ChainKeyException">It is not there, or cannot be read.</exception>
    /// <exception cref="KeyUnavailableException">It cannot be used now.</exception>
    public SigningKey Find(string id)
    {
        if (IsElsewhere(id))
        {
            return Elsewhere!();
        }

        ChainKeyException? unreadable = null;
        foreach (var path in new[] { CurrentPath, NextPath }.Where(File.Exists))
        {
            try
            {
                var key = Read(path);
                if (key.Public.Id == id)
                {
                    return key;
                }

                key.Dispose();
            }
            catch (ChainKeyException e)
            {
                unreadable = e;
            }
        }

        throw unreadable ?? new ChainKeyException(
            $"{CurrentPath} is not the key {id} that the chain goes on with. Restore that key, or remove the folder {folder}: the "
            + "agent then begins a new chain with a new key.");
    }

    /// <summary>Puts the next key in force for good, once the chain goes on with it.</summary>
    public void Advance(string id)
    {
        if (!File.Exists(NextPath))
        {
            return;
        }

        using var next = Read(NextPath);
        if (next.Public.Id == id)
        {
            ensureOurs();
            File.Move(NextPath, CurrentPath, overwrite: true);
            DurableDirectory.Flush(folder);
        }
    }

    SigningKey Make(string path)
    {
        ensureOurs();
        var key = SigningKey.Generate();
        using var file = new AtomicFile(path, path + ".tmp");
        file.Write(Encoding.ASCII.GetBytes(key.ToPem()));
        file.Commit();
        return key;
    }

    SigningKey Read(string path)
    {
        try
        {
            return SigningKey.FromPem(File.ReadAllText(path));
        }
        catch (Exception e) when (e is KeyRefusedException or IOException or UnauthorizedAccessException)
        {
            throw new ChainKeyException(
                $"{path} cannot be read: {e.Message} Restore it, or remove the folder {folder}: the agent then begins a new chain with a "
                + "new key.",
                e);
        }
    }
}
