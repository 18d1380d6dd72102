using ClusterTrail.Contract;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.History.Reading;

namespace ClusterTrail.Kubectl.Lookup;

/// <summary>A condition as <c>--where</c> takes it: <c>PATH OPERATOR VALUE</c>.</summary>
static class FieldText
{
    static readonly string Operators = string.Join(", ", Enum.GetNames<FieldOperator>());

    /// <exception cref="TrailException">It is no condition.</exception>
    internal static FieldCondition Parse(string text)
    {
        var parts = text.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length < 2 || !Enum.TryParse<FieldOperator>(parts[1], out var known) || !Enum.IsDefined(known))
        {
            throw new TrailException(
                ExitCode.BadUsage,
                $"--where {text} is no condition; give PATH OPERATOR VALUE, such as 'objectRef.name StartsWith db-'. "
                    + $"Operators: {Operators}.");
        }

        var condition = new FieldCondition { Path = parts[0], Operator = known, Values = parts.Length > 2 ? [parts[2]] : [] };
        var problems = Contracts.ProblemsOf(condition);
        return problems.Count == 0
            ? condition
            : throw new TrailException(
                ExitCode.BadUsage,
                string.Join('\n', problems.Select(problem => $"--where {text}: {problem.Field.TrimStart('.')} {problem.Text}")));
    }
}
