namespace ClusterTrail.Testing.Insights;

/// <summary>A kind of calls of a made-up cluster: what it is on an ordinary day.</summary>
/// <param name="Rate">Calls a minute at the busiest time of a workday.</param>
/// <param name="Night">What is left of it at night, and at weekends.</param>
/// <param name="Noise">How far minutes differ beyond chance, as a share.</param>
/// <param name="ErrorShare">Which share fails.</param>
/// <param name="Deploys">How many times as much it is during a deployment; 1 when it has no part in it.</param>
/// <param name="Backup">The same of the backup at night.</param>
/// <param name="Job">The same of a job, in the first minutes of each hour.</param>
sealed record SyntheticKind(
    string Name, int User, double Rate, double Night, double Noise, double ErrorShare, double Deploys, double Backup, double Job);
