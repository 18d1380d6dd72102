namespace ClusterTrail.WebConsole.Queries;

/// <summary>An address asks for something that there is not. The message is a sentence for the person.</summary>
sealed class QuestionException(string message) : Exception(message);
