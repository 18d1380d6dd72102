using ClusterTrail.Agent.Files;

namespace ClusterTrail.Agent.Integrity;

/// <summary>What a chain keeps on disk: its state, its keys, and the ledger of what it has yet to say.</summary>
sealed record ChainFolder(ChainFile File, ChainKeys Keys, DigestLedger Ledger, (ChainState State, byte[] Digest)? Newest) : IDisposable
{
    /// <summary>How far the sink has confirmed the chain.</summary>
    public required ConfirmedDigest Confirmed { get; init; }

    /// <param name="ensureOurs">Throws an IOException when nothing may be written any more.</param>
    /// <param name="damaged">Called when the chain's state is damaged, and a new chain begins.</param>
    /// <exception cref="IOException">It cannot be read, or made.</exception>
    public static ChainFolder Open(string path, Action ensureOurs, Action<string> damaged)
    {
        DurableDirectory.Create(path);
        var file = new ChainFile(Path.Combine(path, "chain"), ensureOurs);
        var newest = Load(file, damaged);
        var named = newest?.State.Sources.Where(source => source.Value.NewestSha256 is not null)
            .ToDictionary(source => source.Key, source => source.Value.NewestSha256!);
        var ledger = new DigestLedger(
            new DigestLedgerFile(Path.Combine(path, "ledger"), ensureOurs), newest?.State.Through ?? 0, named ?? []);
        return new(file, new(path, ensureOurs), ledger, newest) { Confirmed = new(Path.Combine(path, "confirmed"), ensureOurs) };
    }

    public void Dispose() => Ledger.Dispose();

    static (ChainState State, byte[] Digest)? Load(ChainFile file, Action<string> damaged)
    {
        try
        {
            return file.Load();
        }
        catch (InvalidDataException e)
        {
            file.SetAside();
            damaged(e.Message);
            return null;
        }
    }
}
