using Jeju.Infra.Chain;

namespace Jeju.Infra.Tests.Chain;

public class RevertDecoderTests
{
    [Fact]
    public void Text_Panic_AndUnknownData_AreReadable()
    {
        byte[] text = Convert.FromHexString(
            "08c379a0"
            + "0000000000000000000000000000000000000000000000000000000000000020"
            + "0000000000000000000000000000000000000000000000000000000000000005"
            + "68656c6c6f000000000000000000000000000000000000000000000000000000");
        byte[] panic = Convert.FromHexString("4e487b710000000000000000000000000000000000000000000000000000000000000011");

        Assert.Equal("Error(\"hello\")", RevertDecoder.Decode(text).ToString());
        Assert.Equal("Panic(code: 17)", RevertDecoder.Decode(panic).ToString());
        Assert.Equal("unknown(data: 0xdeadbeef01)", RevertDecoder.Decode(Convert.FromHexString("deadbeef01")).ToString());
        Assert.Equal("unknown()", RevertDecoder.Decode([]).ToString());
    }

    [Fact]
    public void ErrorOfTheBindings_IsTyped()
    {
        byte[] data = Convert.FromHexString(
            Keccak.Hash("Governed_ActionPaused(bytes32)").ToString()[2..10] + "6d696e7400000000000000000000000000000000000000000000000000000000");

        ContractRevert revert = RevertDecoder.Decode(data);

        Jeju.Infra.Chain.Bindings.ContractErrors.Governed_ActionPaused error =
            Assert.IsType<Jeju.Infra.Chain.Bindings.ContractErrors.Governed_ActionPaused>(revert.Error);
        Assert.Equal("mint", error.Action.ToName());
    }
}
