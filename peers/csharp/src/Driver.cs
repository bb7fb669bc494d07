using System.Collections.Concurrent;
using Grpc.Core;

namespace Stitch.CSharp;

/// <summary>Answers every call of every listener, as a script tells or as the plain service does, and reports it.</summary>
sealed class Driver(Action<Served> report)
{
    readonly ConcurrentDictionary<string, Script> scripts = [];
    readonly ConcurrentDictionary<IncomingCall, Task> inFlight = [];

    /// <summary>Keeps a script, or forgets that of its name when it has no steps.</summary>
    /// <exception cref="ArgumentException">It has something that this server does not know.</exception>
    public void Keep(Script script)
    {
        if (script.Compression is not ("" or Compression.Gzip))
            throw new ArgumentException($"compression \"{script.Compression}\" is unknown");
        var steps = script.Steps ?? [];
        var unknown = Array.FindIndex(steps, step => !step.IsKnown);
        if (unknown >= 0)
            throw new ArgumentException($"step {unknown + 1} is unknown");
        if (steps is [])
            scripts.TryRemove(script.Name, out _);
        else
            scripts[script.Name] = script;
    }

    /// <summary>Returns when every call that has ended by now is reported.</summary>
    public Task FlushAsync() =>
        Task.WhenAll(inFlight.Where(entry => entry.Key.HasEnded).Select(entry => entry.Value));

    /// <summary>Answers a call, and reports it before the library has its status.</summary>
    /// <exception cref="RpcException">The status, unless it is OK.</exception>
    public async Task HandleAsync(IncomingCall call)
    {
        var reported = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        inFlight[call] = reported.Task;
        try
        {
            await AnswerAsync(call);
            call.End(null);
        }
        catch (Exception error)
        {
            call.End(error);
            throw;
        }
        finally
        {
            report(call.Record);
            reported.SetResult();
            inFlight.TryRemove(call, out _);
        }
    }

    Task AnswerAsync(IncomingCall call)
    {
        call.Begin();
        var named = call.ScriptName;
        if (scripts.TryGetValue(named is "" ? call.Method.Path : named, out var script))
            return call.PlayAsync(script);
        if (named is not "")
            throw new RpcException(new Status(StatusCode.Unimplemented, $"no script \"{named}\""));
        if (call.Method.Path == Methods.PickOne)
            return call.PickOneAsync();
        throw new RpcException(new Status(StatusCode.Unimplemented, "no script"));
    }
}
