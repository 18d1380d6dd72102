using ClusterTrail.Lake.Query;

namespace ClusterTrail.Lake.Tests.Query;

public sealed class SqlStatementsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" ;; -- a; b\n; /* ; */ ", "")]
    [InlineData("SELECT 1", "SELECT 1")]
    [InlineData("SELECT 1; SELECT 2;", "SELECT 1| SELECT 2")]
    [InlineData("SELECT ';', \";\" -- ;\n; SELECT /* ; */ 2", "SELECT ';', \";\" -- ;\n| SELECT /* ; */ 2")]
    [InlineData("SELECT 'it''s;'; SELECT $$;$$; SELECT $tag$ ; $$ $tag$", "SELECT 'it''s;'| SELECT $$;$$| SELECT $tag$ ; $$ $tag$")]
    [InlineData("SELECT E'it\\'s;', name'x'; SELECT $user; SELECT 2", "SELECT E'it\\'s;', name'x'| SELECT $user| SELECT 2")]
    [InlineData("SELECT 'open; SELECT 2", "SELECT 'open; SELECT 2")]
    [InlineData("SELECT 4 - 1 / 2; SELECT -1", "SELECT 4 - 1 / 2| SELECT -1")]
    public void ASemicolonEndsAStatementUnlessItIsPartOfAText(string sql, string statements) =>
        Assert.Equal(statements.Split('|', StringSplitOptions.RemoveEmptyEntries), SqlStatements.All(sql));

    [Fact]
    public void WhatFollowsTheLastSemicolonIsNotCompleteYet()
    {
        var (complete, remainder) = SqlStatements.Split("SELECT 1; SELECT 2");

        Assert.Equal(["SELECT 1"], complete);
        Assert.Equal(" SELECT 2", remainder);
    }
}
