using ClusterTrail.Testing;

namespace ClusterTrail.Fixtures;

/// <summary>What a test does about a part that is missing.</summary>
public static class Missing
{
    /// <summary>Skips the test, saying what is missing and why; any other failure stays one.</summary>
    public static async Task<T> OrSkipAsync<T>(this Task<T> part)
    {
        try
        {
            return await part;
        }
        catch (MissingPartException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }
}
