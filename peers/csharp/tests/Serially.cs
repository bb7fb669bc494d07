// Some tests tell what is in flight by the clock: they have the machine to themselves.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
