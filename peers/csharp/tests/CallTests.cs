using System.Text.Json.Nodes;
using Grpc.Core;

namespace Stitch.CSharp.Tests;

public class CallTests
{
    static StatusCode CodeOf(JsonNode record) => (StatusCode)((int?)record["status"]!["code"] ?? 0);

    static string[] BytesOf(JsonNode record, string messages) =>
        [.. record[messages]!.AsArray().Select(entry => (string)entry!["bytes"]!)];

    [Fact]
    public async Task PlainServiceAnswers()
    {
        await using var peer = new TestPeer();
        var channel = await peer.ListenAsync();
        peer.Call("call", channel, Methods.PickOne, $$"""{"send":"{{TestPeer.Text("Stitch")}}"}""");
        var ended = await peer.EndedAsync();
        Assert.Equal(StatusCode.OK, CodeOf(ended));
        Assert.Equal(["CgZTdGl0Y2gQBxoUbWFraW5nIGFubm95ZWQgbm9pc2U="], BytesOf(ended, "responses"));
        var served = await peer.ServedAsync();
        Assert.Equal(BytesOf(ended, "responses"), BytesOf(served, "responses"));
        Assert.Equal([TestPeer.Text("Stitch")], BytesOf(served, "requests"));
    }

    [Fact]
    public async Task UnknownNamesAreNotFound()
    {
        await using var peer = new TestPeer();
        var channel = await peer.ListenAsync();
        peer.Call("call", channel, Methods.PickOne, $$"""{"send":"{{TestPeer.Text("Nobody")}}"}""");
        foreach (var record in new[] { await peer.EndedAsync(), await peer.ServedAsync() })
        {
            Assert.Equal(StatusCode.NotFound, CodeOf(record));
            Assert.Equal("expirement not found", (string?)record["status"]!["message"]);
        }
    }

    [Fact]
    public async Task ScriptDecidesHeadersStatusAndTrailers()
    {
        await using var peer = new TestPeer();
        var channel = await peer.ServeNotesAsync(("Unary", """
            {"receive":1},{"headers":{"entries":[{"key":"x-a","text":"1"}]}},
            {"end":{"status":{"code":10,"message":"no"},"trailers":[{"key":"x-b-bin","binary":"AP8="}]}}
            """.ReplaceLineEndings("")));
        peer.Call("call", channel, "/note.Notes/Unary", """{"send":""}""", ""","metadata":[{"key":"x-c","text":"2"}]""");
        var ended = await peer.EndedAsync();
        Assert.Equal(StatusCode.Aborted, CodeOf(ended));
        Assert.Contains(ended["headers"]!.AsArray(), entry => (string?)entry!["key"] == "x-a" && (string?)entry["text"] == "1");
        Assert.Contains(ended["trailers"]!.AsArray(), entry => (string?)entry!["binary"] == "AP8=");
        var served = await peer.ServedAsync();
        Assert.Contains(served["metadata"]!.AsArray(), entry => (string?)entry!["key"] == "x-c" && (string?)entry["text"] == "2");
    }

    [Fact]
    public async Task StreamsTakeTurns()
    {
        await using var peer = new TestPeer();
        var channel = await peer.ServeNotesAsync(("Both", """{"receive":1},{"send":"CgFh"},{"receive":1},{"send":"CgFi"},{"end":{}}"""));
        peer.Call("call", channel, "/note.Notes/Both", """{"send":"CgEx"},{"receive":1},{"send":"CgEy"},{"receive":1}""");
        var ended = await peer.EndedAsync();
        Assert.Equal(StatusCode.OK, CodeOf(ended));
        Assert.Equal(["CgFh", "CgFi"], BytesOf(ended, "responses"));
        Assert.Equal(["CgEx", "CgEy"], BytesOf(await peer.ServedAsync(), "requests"));
    }

    [Theory]
    [InlineData("Up", """{"receive":-1},{"send":"CgFh"}""", """{"send":"CgEx","times":50}""", 50, 1)]
    [InlineData("Down", """{"receive":1},{"send":"CgFh","times":50}""", """{"send":"CgEx"}""", 1, 50)]
    public async Task EqualMessagesAreCounted(string method, string script, string steps, int requests, int responses)
    {
        await using var peer = new TestPeer();
        var channel = await peer.ServeNotesAsync((method, script));
        peer.Call("call", channel, $"/note.Notes/{method}", steps);
        var (ended, served) = (await peer.EndedAsync(), await peer.ServedAsync());
        Assert.Equal(requests, (int?)ended["sent"]);
        Assert.Equal(requests, (int?)Assert.Single(served["requests"]!.AsArray())!["times"]);
        Assert.Equal(responses, (int?)Assert.Single(ended["responses"]!.AsArray())!["times"]);
    }

    [Theory]
    [InlineData("Unary", """{"send":""},{"waitMs":100},{"cancel":true}""", "", StatusCode.Cancelled)]
    [InlineData("Both", """{"send":""},{"waitMs":100},{"cancel":true}""", "", StatusCode.Cancelled)]
    [InlineData("Unary", """{"send":""}""", ""","timeoutMs":100""", StatusCode.DeadlineExceeded)]
    [InlineData("Both", """{"send":""},{"waitMs":60000}""", ""","timeoutMs":100""", StatusCode.DeadlineExceeded)]
    public async Task CallsEndUnderTheirScript(string method, string steps, string more, StatusCode code)
    {
        await using var peer = new TestPeer();
        var channel = await peer.ServeNotesAsync((method, """{"receive":1},{"waitMs":60000},{"send":""}"""));
        peer.Call("call", channel, $"/note.Notes/{method}", steps, more);
        Assert.Equal(code, CodeOf(await peer.EndedAsync()));
        Assert.True((bool?)(await peer.ServedAsync())["cancelled"]);
    }

    [Fact]
    public async Task CompressionIsForEachCall()
    {
        await using var peer = new TestPeer();
        var channel = await peer.ServeNotesAsync();
        await peer.TellAsync("""
            "script":{"name":"zip","compression":"gzip","steps":[{"receive":1},{"send":"CgFh"}]}
            """);
        peer.Call("call", channel, "/note.Notes/Unary", """{"send":"CgEx"}""",
            ""","compression":"gzip","metadata":[{"key":"stitch-script","text":"zip"}]""");
        var ended = await peer.EndedAsync();
        Assert.Equal(["CgFh"], BytesOf(ended, "responses"));
        Assert.Equal(["CgEx"], BytesOf(await peer.ServedAsync(), "requests"));
    }

    [Fact]
    public async Task LoopMakesACallForEachTime()
    {
        await using var peer = new TestPeer();
        var channel = await peer.ListenAsync();
        peer.Call("many", channel, Methods.PickOne, """{"send":""}""", ""","times":100,"atOnce":10""");
        for (var i = 0; i < 100; i++)
            Assert.Equal(StatusCode.NotFound, CodeOf(await peer.EndedAsync($"many.{i}")));
    }

    [Theory]
    [InlineData("/nobody.Knows/It", """{"send":""}""", "")]
    [InlineData(Methods.PickOne, """{"send":""}""", ""","compression":"br" """)]
    [InlineData(Methods.PickOne, """{"unheardOf":1}""", "")]
    public async Task UnsupportedCallsAreNotMade(string path, string steps, string more)
    {
        await using var peer = new TestPeer();
        peer.Call("call", "", path, steps, more);
        Assert.NotEqual("", (string?)(await peer.EndedAsync())["unsupported"] ?? "");
    }

    [Fact]
    public async Task WhatIsNoMessageIsUnusable()
    {
        await using var peer = new TestPeer();
        peer.Call("call", await peer.ListenAsync(), Methods.PickOne, """{"send":"Cv8="}""");
        Assert.NotEqual("", (string?)(await peer.EndedAsync())["unusable"] ?? "");
    }

    [Fact]
    public async Task MetadataThatIsNotSentIsAStatus()
    {
        await using var peer = new TestPeer();
        peer.Call("call", await peer.ListenAsync(), Methods.PickOne, """{"send":""}""", ""","metadata":[{"key":"x y","text":""}]""");
        Assert.Equal(StatusCode.Unknown, CodeOf(await peer.EndedAsync()));
    }
}
