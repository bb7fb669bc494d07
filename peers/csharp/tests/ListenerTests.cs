namespace Stitch.CSharp.Tests;

public class ListenerTests
{
    static string PortOf(string channel) => channel.Split(':')[^1].TrimEnd('"');

    [Fact]
    public async Task TakenPortIsRefused()
    {
        await using var peer = new TestPeer();
        var port = PortOf(await peer.ListenAsync());
        var answer = await peer.TellAsync($$"""
            "listen":{"host":"127.0.0.1","port":{{port}}}
            """);
        Assert.Contains("in use", (string?)answer["refused"]);
    }

    [Fact]
    public async Task CloseEndsCallsAndFreesThePort()
    {
        await using var peer = new TestPeer();
        var channel = await peer.ServeNotesAsync(("Both", """{"send":""},{"waitMs":60000}"""));
        await peer.WarmUpAsync(channel);
        peer.Call("call", channel, "/note.Notes/Both", """{"receive":1},{"waitMs":60000}""");
        await Task.Delay(800);
        var answer = await peer.TellAsync($$"""
            "close":{"port":{{PortOf(channel)}}}
            """);
        Assert.Null(answer["refused"]);
        Assert.NotNull((await peer.EndedAsync())["status"]!["code"]);
        Assert.True((bool?)(await peer.ServedAsync())["cancelled"]);
        Assert.Equal(channel, await peer.ListenAsync($",\"port\":{PortOf(channel)}"));
    }

    [Fact]
    public async Task DrainHoldsUpNothing()
    {
        await using var peer = new TestPeer();
        var channel = await peer.ServeNotesAsync(("Both", """{"send":""},{"receive":-1}"""));
        await peer.WarmUpAsync(channel);
        peer.Call("call", channel, "/note.Notes/Both", """{"receive":1},{"waitMs":2000},{"send":""}""");
        await Task.Delay(800);
        peer.Say($$$"""{"id":"drain","drain":{"port":{{{PortOf(channel)}}}}}""");
        await peer.TellAsync("\"flush\":{}");
        Assert.Equal(1, (int?)(await peer.EndedAsync())["sent"]);
        Assert.Null((await peer.HearAsync("answer", "drain"))["refused"]);
        await peer.ListenAsync($",\"port\":{PortOf(channel)}");
    }

    [Fact]
    public async Task LimitIsObeyed()
    {
        await using var peer = new TestPeer();
        var channel = await peer.ListenAsync(",\"maxReceiveBytes\":4");
        peer.Call("call", channel, Methods.PickOne, $$"""{"send":"{{TestPeer.Text("Stitch")}}"}""");
        Assert.Equal(8, (int?)(await peer.EndedAsync())["status"]!["code"]);
    }
}
