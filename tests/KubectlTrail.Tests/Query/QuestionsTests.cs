namespace ClusterTrail.Kubectl.Tests.Query;

/// <summary>Every question of docs/questions.md has its answer.</summary>
public sealed class QuestionsTests(QuestionsTests.Archive archive) : IClassFixture<QuestionsTests.Archive>
{
    public static TheoryData<string> Titles => [.. Question.All.Select(question => question.Title)];

    [Fact]
    public void EveryBlockOfThePageIsAQuestionAndEveryAnswerHasOne()
    {
        var page = File.ReadAllText(Repository.PathOf("docs", "questions.md"));
        var answers = Directory.GetFiles(Repository.PathOf("tests", "data", "questions", "answers"))
            .Select(Path.GetFileNameWithoutExtension);

        Assert.Equal(page.Split("```sql").Length - 1, Question.All.Count);
        Assert.Equal(Question.All.Select(question => question.Slug).Order(StringComparer.Ordinal), answers.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Titles))]
    public async Task AnArchiveAnswersIt(string title)
    {
        var question = Question.All.Single(one => one.Title == title);

        var outcome = await CommandLine.RunAsync("query", archive.Location, "--key", archive.KeyPath, question.Sql, "-o", "json");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(question.Answer, outcome.Output);
    }

    public sealed class Archive : IDisposable
    {
        readonly QuestionArchive archive = new();

        public string Location => archive.Path;

        public string KeyPath => archive.KeyPath;

        public void Dispose() => archive.Dispose();
    }
}
