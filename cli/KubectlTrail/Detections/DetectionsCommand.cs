using System.CommandLine;

namespace ClusterTrail.Kubectl.Detections;

/// <summary><c>kubectl trail detections</c>: the rules that agents hold events against.</summary>
static class DetectionsCommand
{
    const string Description = "Shows and tests the rules that count events as security findings.";

    internal static Command Build() => new("detections", Description)
    {
        ListCommand.Build(),
        TestCommand.Build(),
    };
}
