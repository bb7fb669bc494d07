namespace Stitch.CSharp.Tests;

public class LineTests
{
    [Fact]
    public async Task FirstLineIsReady()
    {
        await using var peer = new TestPeer();
        var ready = await peer.HearAsync("ready");
        Assert.Equal("C#", (string?)ready["language"]);
        Assert.Matches(@"^\d+\.\d+\.\d+$", (string?)ready["libraryVersion"]);
    }

    [Theory]
    [InlineData("nonsense", "")]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    [InlineData("""{"flush":{}}""", "")]
    [InlineData("""{"id":"a"}""", "a")]
    [InlineData("""{"id":"a","unheardOf":{}}""", "a")]
    [InlineData("""{"id":"a","types":{"files":"?"}}""", "a")]
    [InlineData("""{"id":"a","types":{"files":"////"}}""", "a")]
    [InlineData("""{"id":"a","script":{"name":"b","steps":[{"unheardOf":1}]}}""", "a")]
    [InlineData("""{"id":"a","script":{"name":"b","compression":"br","steps":[{"end":{}}]}}""", "a")]
    [InlineData("""{"id":"a","listen":{"host":"127.0.0.1","tls":{"cert":"none","key":"none"}}}""", "a")]
    [InlineData("""{"id":"a","listen":{"host":"127.0.0.1","tls":{"version":"1.1"}}}""", "a")]
    [InlineData("""{"id":"a","listen":{"host":"127.0.0.1","maxAgeMs":1000}}""", "a")]
    [InlineData("""{"id":"a","close":{"port":1}}""", "a")]
    public async Task RefusesWhatItCannotDo(string line, string id)
    {
        await using var peer = new TestPeer();
        peer.Say(line);
        var answer = await peer.HearAsync("answer");
        Assert.Equal(id, (string?)answer["id"]);
        Assert.NotEqual("", (string?)answer["refused"] ?? "");
    }

    [Fact]
    public async Task LinesMayBeLong()
    {
        await using var peer = new TestPeer();
        var send = Convert.ToBase64String(new byte[8 << 20]);
        var answer = await peer.TellAsync($$"""
            "script":{"name":"long","steps":[{"send":"{{send}}"}]}
            """);
        Assert.Null(answer["refused"]);
    }

    [Fact]
    public async Task StopsAtTheEndOfItsInput()
    {
        var peer = new TestPeer();
        await peer.ListenAsync();
        peer.End();
        await peer.StoppedAsync();
    }

    [Fact]
    public async Task StopFinishesCallsInFlight()
    {
        await using var peer = new TestPeer();
        var channel = await peer.ServeNotesAsync(("Unary", """{"receive":1},{"waitMs":2000},{"send":""}"""));
        await peer.WarmUpAsync(channel);
        peer.Call("call", channel, "/note.Notes/Unary", """{"send":""}""");
        await Task.Delay(1000);
        peer.Stop();
        Assert.Null((await peer.EndedAsync())["status"]!["code"]);
        await peer.StoppedAsync();
    }
}
