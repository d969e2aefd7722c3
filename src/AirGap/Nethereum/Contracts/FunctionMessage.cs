using System.Numerics;
using System.Reflection;
using Nethereum.ABI;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.ABI.FunctionEncoding.Attributes;

namespace Nethereum.Contracts.CQS
{
    /// <summary>A message to a contract.</summary>
    public abstract class ContractMessageBase
    {
        public virtual BigInteger AmountToSend { get; set; }
    }
}

namespace Nethereum.Contracts
{
    /// <summary>A call of a contract's function; its arguments are the members with a <see cref="ParameterAttribute"/>.</summary>
    public class FunctionMessage : CQS.ContractMessageBase;

    /// <summary>Encoding of function messages.</summary>
    public static class FunctionMessageExtensions
    {
        public static byte[] GetCallData<TContractMessage>(this TContractMessage contractMessage) where TContractMessage : FunctionMessage
        {
            var name = typeof(TContractMessage).GetCustomAttribute<FunctionAttribute>().Name;
            var parameters = AbiTuple.Of(typeof(TContractMessage));
            return [.. AbiSignature.Selector(name, parameters), .. parameters.EncodeMembers(contractMessage)];
        }
    }
}
