namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>What goes wrong.</summary>
sealed partial class FollowerWorld
{
    void ActOnHazard()
    {
        switch (random.Next(8))
        {
            case 0 when Has(FollowerHazards.Deletes): Do("delete the oldest", () => log.Retain(random.Next(1, 6))); break;
            case 1 when Has(FollowerHazards.Deletes): Do("delete live", DeleteLive); break;
            case 2 when Has(FollowerHazards.Deletes): Do("outage", Outage); break;
            case 3 when Has(FollowerHazards.PowerCuts): Do("power cut", CutPower); break;
            case 4 when Has(FollowerHazards.Forks): Do("fork", Fork); break;
            case 5 when Has(FollowerHazards.BadFiles): Do("bad file", SpoilFile); break;
            case 6 when Has(FollowerHazards.BadFiles): Do("heal", Heal); break;
            case 7 when Has(FollowerHazards.LateWriters): Do("write late", WriteLate); break;
        }
    }

    // Away, or with nowhere to put what it reads, while the log is rotated more often than it keeps files.
    void Outage()
    {
        var isAway = random.Next(2) == 0;
        if (isAway)
        {
            Crash();
        }

        for (var rotation = random.Next(1, 6); rotation > 0; rotation--)
        {
            for (var writes = random.Next(1, 5); writes > 0; writes--)
            {
                log.Write();
                time.Advance(TimeSpan.FromMilliseconds(random.Next(100, 3000)));
            }

            log.Rotate();
            log.Retain(2);
            if (!isAway && random.Next(3) == 0)
            {
                Watch();
            }
        }
    }

    // Only the retention of a rotation is looked for: who deletes the live file while nobody looks leaves no trace.
    void DeleteLive()
    {
        if (follower is not null)
        {
            log.CompletePart();
            Watch();
            Checkpoint();
            log.DeleteLive();
        }
    }

    // A log that is replaced by a part of itself, and removed before anybody looks, leaves no trace either.
    void Fork()
    {
        log.CompletePart();
        account.NoteCopied(LineAccount.NumbersIn(log.LiveText()));
        log.Fork(mayReplace: follower is not null || !Has(FollowerHazards.Deletes));
        if (follower is not null && Has(FollowerHazards.Deletes))
        {
            Watch();
            Checkpoint();
        }
    }

    void CutPower()
    {
        Crash();
        var before = LineAccount.NumbersIn(log.LiveText()).Append(log.Part).ToList();
        log.CutPower();
        account.Excuse(before.Except(LineAccount.NumbersIn(log.LiveText())));
    }

    void SpoilFile()
    {
        switch (random.Next(4))
        {
            case 3: lines.IsBroken = true; break;
            case 0: log.MakeSpecial(); break;
            case 1 when log.AnyRotated() is { } name: log.Files.Break(name, random.Next(0, 200)); break;
            case 2 when log.AnyRotated() is { } name: log.Files.Refuse(name, $"{name}: Permission denied"); break;
        }
    }

    void Heal()
    {
        log.Files.HealAll();
        lines.IsBroken = false;
    }

    void WriteLate()
    {
        if (follower is not null)
        {
            Follower.Watch();
            if (log.WriteLate() is { } before)
            {
                account.NoteLate(log.Written, LineAccount.NumbersIn(before));
            }
        }
    }
}
