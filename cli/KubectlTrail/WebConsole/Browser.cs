using System.ComponentModel;
using System.Diagnostics;

namespace ClusterTrail.Kubectl.WebConsole;

/// <summary>Opens an address in the person's browser.</summary>
/// <remarks>
/// Guarantee: the address, which has a token, is in no process argument, which every user of the machine can read. The browser is given a
/// file that only this user can read, and that leads there.
/// </remarks>
sealed class Browser : IDisposable
{
    readonly DirectoryInfo folder;

    Browser(DirectoryInfo folder) => this.folder = folder;

    /// <summary>Null if there is none, or it cannot be started: then the person opens what was printed.</summary>
    /// <param name="address">Of this program: not escaped.</param>
    internal static Browser? Open(Uri address)
    {
        if (Opener() is not { } opener)
            return null;
        var browser = new Browser(Directory.CreateTempSubdirectory("clustertrail-console-"));
        try
        {
            var page = Path.Combine(browser.folder.FullName, "open.html");
            File.WriteAllText(page, $"<!doctype html><meta http-equiv=\"refresh\" content=\"0;url={address}\"><title>ClusterTrail</title>");
            using var process = Process.Start(new ProcessStartInfo(opener, [page])
            {
                RedirectStandardError = true,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            });
            return browser;
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            browser.Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            folder.Delete(recursive: true);
        }
        // It has a token that is worth nothing any more.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    static string? Opener() => OperatingSystem.IsMacOS() ? "open"
        : Has("DISPLAY") || Has("WAYLAND_DISPLAY") ? "xdg-open"
        : null;

    static bool Has(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
