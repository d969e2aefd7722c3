using Jeju.Infra.Engine.State;

namespace Jeju.Infra.Engine.Deployments;

/// <summary>The resources of the last run, as this run's registrations find and claim them.</summary>
internal sealed class OldResources
{
    private readonly Lock _gate = new();
    private readonly List<ResourceState> _inOrder;
    private readonly Dictionary<string, ResourceState> _byUrn = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _claimedBy = new(StringComparer.Ordinal);

    public OldResources(Snapshot snapshot)
    {
        _inOrder = [.. snapshot.Resources.Where(resource => !resource.Delete)];
        foreach (var resource in _inOrder)
        {
            _byUrn[resource.Urn] = resource;
        }
    }

    /// <summary>Those that nobody has claimed, in order.</summary>
    public IReadOnlyList<ResourceState> Unclaimed
    {
        get
        {
            lock (_gate)
            {
                return [.. _inOrder.Where(resource => !_claimedBy.ContainsKey(resource.Urn))];
            }
        }
    }

    /// <summary>The state of a URN, claimed or not.</summary>
    public ResourceState? Find(string urn)
    {
        lock (_gate)
        {
            return _byUrn.GetValueOrDefault(urn);
        }
    }

    /// <summary>Finds and claims the former state of a resource: by its URN, else by its aliases in order.</summary>
    /// <exception cref="Core.InfraException">JEJU0126: another resource claimed it.</exception>
    public ResourceState? Claim(string urn, IReadOnlyList<string> aliases)
    {
        lock (_gate)
        {
            foreach (var candidate in aliases.Prepend(urn))
            {
                if (!_byUrn.TryGetValue(candidate, out var old))
                {
                    continue;
                }

                if (_claimedBy.TryGetValue(candidate, out var claimant))
                {
                    if (claimant == urn || candidate == urn)
                    {
                        // The one that claimed it by alias was first: this one begins anew.
                        return null;
                    }

                    throw EngineErrors.AliasClaimed(urn, candidate);
                }

                _claimedBy[candidate] = urn;
                return old;
            }

            return null;
        }
    }

    /// <summary>Puts another state in a place, after the resource was deleted in order to be replaced.</summary>
    public void Exchange(ResourceState old, ResourceState replacement)
    {
        lock (_gate)
        {
            _byUrn[old.Urn] = replacement;
            var index = _inOrder.FindIndex(candidate => ReferenceEquals(candidate, old));
            if (index >= 0)
            {
                _inOrder[index] = replacement;
            }
        }
    }
}
