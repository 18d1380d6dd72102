namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>Which pods rules ask for, by the rules and the labels as they are now.</summary>
sealed class PodVerdicts(Func<IReadOnlyList<OutputRule>> rules, Func<KnownLabels> labels)
{
    readonly HashSet<string> unasked = [];
    IReadOnlyList<OutputRule>? active;
    KnownLabels known = KnownLabels.None;

    /// <summary>Whether nothing at all is asked for.</summary>
    public bool HasNoRules => active?.Count == 0;

    /// <summary>Takes up other rules or labels.</summary>
    public VerdictChange TakeChange()
    {
        var (nowRules, nowLabels) = (rules(), labels());
        var change = !ReferenceEquals(nowRules, active) ? VerdictChange.Rules
            : !ReferenceEquals(nowLabels, known) ? VerdictChange.Labels
            : VerdictChange.None;
        if (change != VerdictChange.None)
        {
            (active, known) = (nowRules, nowLabels);
            unasked.Clear();
        }

        return change;
    }

    public PodVerdict Of(PodName pod)
    {
        var possible = active!.Where(rule => rule.IsForPod(pod.Namespace, pod.Pod, pod.Uid)).ToList();
        if (!possible.Exists(rule => rule.NeedsLabels))
        {
            return new(possible, IsUndecided: false);
        }

        return known.Of(pod.Uid) is { } its
            ? new(possible.FindAll(rule => rule.IsForLabels(its)), IsUndecided: false)
            : new(possible, IsUndecided: true);
    }

    /// <summary>What is asked for of a pod as if it had no labels, because nobody has said which it has.</summary>
    public PodVerdict WithoutLabels(PodName pod) =>
        new([.. Of(pod).Rules.Where(rule => !rule.NeedsLabels)], IsUndecided: false);

    /// <summary>Whether it was found that nothing is asked for of a pod, which then need not be judged at each look.</summary>
    public bool IsUnasked(string folder) => unasked.Contains(folder);

    public void NoteUnasked(string folder) => unasked.Add(folder);

    /// <summary>Forgets pods that are gone.</summary>
    public void Forget(IReadOnlyDictionary<string, PodName> found)
    {
        if (unasked.Count > found.Count)
        {
            unasked.RemoveWhere(folder => !found.ContainsKey(folder));
        }
    }
}
