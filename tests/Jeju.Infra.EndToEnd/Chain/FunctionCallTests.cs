using Jeju.Infra.Chain;

namespace Jeju.Infra.EndToEnd.Chain;

/// <summary>Calls that are written as text are encoded as Foundry encodes them.</summary>
public sealed class FunctionCallTests
{
    private const string Account = "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913";
    private const string Word = "0xffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";

    public static TheoryData<string, string[]> Calls => new()
    {
        { "pause()", [] },
        { "f(uint8,int8,int256)", ["255", "-128", "-1"] },
        { "f(uint256)", ["115792089237316195423570985008687907853269984665640564039457584007913129639935"] },
        { "f(bool,address,bytes4,bytes32)", ["true", Account, "0x01020304", Word] },
        { "f(string,bytes)", ["a text, with (commas) and ümlauts that is longer than one word of 32 bytes", "0x0102"] },
        { "f(uint16[])", ["[1, 2, 3]"] },
        { "f(uint16[2],uint16[],string)", ["[1,2]", "[]", "x"] },
        { "f(address[],bytes32[1],bool[2])", [$"[\"{Account}\"]", $"[\"{Word}\"]", "[true,false]"] },
        { "f(string[],bytes[])", ["[\"one\",\"two\"]", "[\"0x\",\"0xff\"]"] },
        { "f(uint256[][],uint8[2][3])", ["[[1],[2,3],[]]", "[[1,2],[3,4],[5,6]]"] },
    };

    [Theory]
    [InlineData("f(uint8)", "256", "'256' is no uint8")]
    [InlineData("f(uint8)", "-1", "'-1' is no uint8")]
    [InlineData("f(int8)", "128", "'128' is no int8")]
    [InlineData("f(bytes4)", "0x010203", "'0x010203' is no bytes4")]
    [InlineData("f(bytes)", "0x1", "'0x1' is no bytes")]
    [InlineData("f(bool)", "1", "'1' is no bool")]
    [InlineData("f(uint8[2])", "[1]", "'[1]' is no uint8[2]")]
    [InlineData("f(uint8[])", "1", "'1' is no uint8[]")]
    [InlineData("f(string[])", "[1]", "'[1]' is no string[]")]
    [InlineData("f(uint8[])", "[1", "'[1' is no uint8[]")]
    [InlineData("f(uint)", "1", "'f(uint)' is no function")]
    [InlineData("f(uint9)", "1", "'f(uint9)' is no function")]
    [InlineData("f(bytes33)", "0x", "'f(bytes33)' is no function")]
    [InlineData("f(uint8[0])", "[]", "'f(uint8[0])' is no function")]
    [InlineData("f((uint8,bool))", "1", "'f((uint8,bool))' is no function")]
    [InlineData("f(uint8", "1", "'f(uint8' is no function")]
    public void What_cannot_be_written_is_refused(string signature, string argument, string problem) =>
        Assert.StartsWith(problem, FunctionCall.FindProblem(signature, [argument]), StringComparison.Ordinal);

    [FoundryFact]
    public async Task Calls_equal_those_of_cast()
    {
        foreach ((string signature, string[] arguments) in Calls.Select(call => ((string)call[0], (string[])call[1])))
        {
            Assert.Null(FunctionCall.FindProblem(signature, arguments));
            string expected = await Cast.RunAsync(["calldata", signature, "--", .. arguments.Select(argument => argument.Replace("\"", "", StringComparison.Ordinal))]);

            Assert.Equal(expected, "0x" + Convert.ToHexStringLower(FunctionCall.Encode(signature, arguments)));
        }
    }
}
