using System.Collections.Concurrent;

namespace Stitch.CSharp;

/// <summary>What is under way.</summary>
sealed class Work
{
    readonly ConcurrentDictionary<Task, bool> tasks = [];

    public void Begin(Task task)
    {
        if (task.IsCompleted)
            return;
        tasks[task] = true;
        task.ContinueWith(_ => tasks.TryRemove(task, out var _), TaskScheduler.Default);
    }

    /// <summary>Returns when nothing is.</summary>
    public async Task DoneAsync()
    {
        while (tasks.Keys is { Count: > 0 } pending)
            await Task.WhenAll(pending);
    }
}
