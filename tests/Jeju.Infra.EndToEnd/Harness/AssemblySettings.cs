// Every test brings up containers and chains of its own: two at once would only measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
