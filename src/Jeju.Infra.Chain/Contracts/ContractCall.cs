using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain;

/// <summary>A call that changes the chain, not yet sent. The bindings make it.</summary>
/// <param name="To">The contract; absent for the creation of one.</param>
/// <param name="Data">The selector and the ABI-encoded arguments.</param>
/// <param name="Description">The contract and function, for progress and errors: <c>DWSBilling.deposit</c>.</param>
/// <param name="Value">The native coin to send along, in wei.</param>
public sealed record ContractCall(Address? To, byte[] Data, string Description, BigInteger Value = default)
{
    /// <summary>
    /// The gas this call needs at most, where the caller knows it: it is then not estimated.
    /// </summary>
    public ulong? GasLimit { get; init; }
}

/// <summary>What a call would do, tried without sending it.</summary>
/// <param name="Answer">The ABI-encoded answer; empty where there is none, or where the contract refuses.</param>
/// <param name="Refusal">Why the contract refuses; absent where it does not.</param>
public sealed record TriedCall(byte[] Answer, ContractRevert? Refusal);

/// <summary>A call that only reads. The bindings make it.</summary>
/// <typeparam name="T">The answer.</typeparam>
/// <param name="To">The contract.</param>
/// <param name="Data">The selector and the ABI-encoded arguments.</param>
/// <param name="Description">The contract and function, for errors.</param>
/// <param name="Decode">Reads the ABI-encoded answer.</param>
public sealed record ContractQuery<T>(Address To, byte[] Data, string Description, Func<byte[], T> Decode)
{
    /// <summary>Who asks, where the answer depends on it.</summary>
    public Address? From { get; init; }
}

/// <summary>An event of a contract; the bindings implement it.</summary>
/// <typeparam name="TSelf">The event's own type.</typeparam>
public interface IContractEvent<TSelf> where TSelf : IContractEvent<TSelf>
{
    /// <summary>The hash of the event's signature, which is the first topic of its logs.</summary>
    static abstract Bytes32 Topic { get; }

    /// <summary>Reads the event out of a log that <see cref="Topic"/> matches.</summary>
    static abstract TSelf Decode(ChainLog log);
}

/// <summary>Reading events out of logs.</summary>
public static class ContractEventExtensions
{
    /// <summary>Reads a log as an event of one type, if it is one.</summary>
    public static bool TryDecode<TEvent>(this ChainLog log, [NotNullWhen(true)] out TEvent? decoded) where TEvent : IContractEvent<TEvent>
    {
        bool matches = log.Topics.Count > 0 && log.Topics[0] == TEvent.Topic;
        decoded = matches ? TEvent.Decode(log) : default;
        return matches;
    }
}

/// <summary>Which logs are wanted.</summary>
/// <param name="Addresses">The contracts; none means any.</param>
/// <param name="Topics">The alternatives per topic position; null or empty means any.</param>
public sealed record LogFilter(IReadOnlyList<Address> Addresses, IReadOnlyList<IReadOnlyList<Bytes32>?> Topics)
{
    /// <summary>Every event of some contracts.</summary>
    public static LogFilter Of(params IReadOnlyList<Address> addresses) => new(addresses, []);

    /// <summary>One event of a contract, with wanted values of its indexed members in their order.</summary>
    /// <typeparam name="TEvent">The event.</typeparam>
    public static LogFilter For<TEvent>(Address contract, params IReadOnlyList<Bytes32?> indexed) where TEvent : IContractEvent<TEvent>
    {
        List<IReadOnlyList<Bytes32>?> topics = [[TEvent.Topic]];
        topics.AddRange(indexed.Select(value => value is { } wanted ? new[] { wanted } : null));
        return new LogFilter([contract], topics);
    }
}
