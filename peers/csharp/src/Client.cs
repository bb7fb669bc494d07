using Grpc.Core;

namespace Stitch.CSharp;

/// <summary>Makes calls, and reports each when it has ended.</summary>
sealed class Client(Action<Ended> report)
{
    readonly Channels channels = new();

    /// <summary>Makes a call as often as it says, and returns when all have ended.</summary>
    public Task MakeAsync(string id, Call told, Methods methods)
    {
        if (told.Times <= 1)
            return MakeOneAsync(id, told, methods);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(told.AtOnce, 1) };
        return Parallel.ForAsync(0, told.Times, options, async (i, _) => await MakeOneAsync($"{id}.{i}", told, methods));
    }

    async Task MakeOneAsync(string id, Call told, Methods methods) => report(await EndedAsync(id, told, methods));

    async Task<Ended> EndedAsync(string id, Call told, Methods methods)
    {
        var typed = told.Types is "" ? told.Method : told.Types;
        if (methods.Find(typed) is not { } method)
            return new Ended(id, Unsupported: $"method \"{typed}\"");
        if (WhatIsUnsupported(told) is { } part)
            return new Ended(id, Unsupported: part);
        try
        {
            var invoker = channels[told.Channel ?? new Channel()].CreateCallInvoker();
            using var call = new OutgoingCall(id, told, invoker, method.Path == told.Method ? method : method.At(told.Method));
            return await call.PerformAsync(told.Steps ?? []);
        }
        catch (Exception error) // of a channel that cannot be opened
        {
            return new Ended(id) { Status = new Status(StatusCode.Unknown, error.Message).ToEntry() };
        }
    }

    static string? WhatIsUnsupported(Call told)
    {
        if (told.Compression is not ("" or Compression.Gzip))
            return $"compression \"{told.Compression}\"";
        var unknown = Array.FindIndex(told.Steps ?? [], step => !step.IsKnown);
        return unknown >= 0 ? $"step {unknown + 1}" : null;
    }
}
