using ClusterTrail.WebConsole.Queries;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>A page of the console. All of its state is in its address.</summary>
interface IPage
{
    /// <summary>Its address without parameters.</summary>
    string Path { get; }

    /// <summary>The section of the navigation that it belongs to, by path; null if to none.</summary>
    string? Section { get; }

    /// <summary>The parameters that it knows. An address with others is refused, so that none is ignored.</summary>
    IReadOnlyCollection<string> Parameters { get; }

    /// <exception cref="QuestionException">The address asks for something that there is not.</exception>
    Task<Page> ShowAsync(IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken);
}
