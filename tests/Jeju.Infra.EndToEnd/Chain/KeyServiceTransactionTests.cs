using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Chain.KeyServices;
using Jeju.Infra.Core;
using Jeju.Infra.Tests.Chain.Signers;

namespace Jeju.Infra.EndToEnd.Chain;

/// <summary>Keys of AWS KMS and Google Cloud KMS sign transactions that a real chain takes, and sign nothing that their limits forbid.</summary>
public sealed class KeyServiceTransactionTests
{
    private static readonly Address Receiver = Address.Parse("0x00000000000000000000000000000000000a11ce");
    private static readonly BigInteger Maximum = BigInteger.Pow(10, 15);

    private static readonly BigInteger HalfOrder = BigInteger.Parse(
        "07fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [FoundryFact]
    public async Task AwsKey_PaysAndCalls_WithinItsLimits()
    {
        await using AwsKeyServer aws = new();
        await aws.StartAsync();
        aws.Environment["AWS_ENDPOINT_URL"] = aws.Address;
        aws.UseUser();
        SignerReference key = new() { Type = SignerType.AwsKms, Key = AwsKeyServer.Key, Region = AwsKeyServer.Region };

        await VerifyAsync(aws, key, aws.PrivateKey, request => request.Headers.GetValueOrDefault("x-amz-target") == "TrentService.Sign");
    }

    [FoundryFact]
    public async Task GoogleKey_PaysAndCalls_WithinItsLimits()
    {
        await using GoogleKeyServer google = new();
        await google.StartAsync();
        google.Environment["CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS"] = google.Address + "/";
        google.Environment["GOOGLE_OAUTH_ACCESS_TOKEN"] = GoogleKeyServer.GivenToken;
        SignerReference key = new() { Type = SignerType.GcpKms, Key = GoogleKeyServer.Version };

        await VerifyAsync(google, key, google.PrivateKey, request => request.Path.EndsWith(":asymmetricSign", StringComparison.Ordinal));
    }

    private static async Task VerifyAsync(CloudServer service, SignerReference key, ECDsa privateKey, Func<CloudRequest, bool> isSigning)
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        using KeyServiceDirectory services = new(service.Environment.GetValueOrDefault, TimeProvider.System);
        SignerResolver resolver = new(service.Environment.GetValueOrDefault, anvil.Settings.Folder, services);
        ISigner signer = await resolver.ResolveAsync(key, ChainId.Anvil, CancellationToken.None);
        ECPoint point = privateKey.ExportParameters(includePrivateParameters: false).Q;
        Address account = Address.FromBytes(Keccak.Hash([.. point.X!, .. point.Y!]).ToBytes().AsSpan(12));
        TestUsdContract token = new(await PlaceTokenAsync(anvil, account));
        LimitedSigner limited = new(signer, new SigningLimits(new HashSet<Address> { Receiver, token.Address }, Maximum));
        using TransactionPipeline pipeline = await TransactionPipeline.OpenAsync(
            anvil.Client, limited, TransactionJournal.InMemory(), new TransactionPipelineOptions(), CancellationToken.None);

        // Enough transactions that some of the service's signatures are in the upper half of the order: all of eight are in the lower in 1 of 256 runs.
        ContractCall[] payments = [.. Enumerable.Range(1, 7).Select(wei => new ContractCall(Receiver, [], "payment", wei))];
        IReadOnlyList<TransactionReceipt> receipts = await pipeline.SendAsync([.. payments, token.Approve(Receiver, 42)], CancellationToken.None);

        Assert.Equal(account, signer.Address);
        Assert.Equal(8, receipts.Count);
        foreach (TransactionReceipt receipt in receipts)
        {
            Assert.True(receipt.Succeeded);
            JsonElement taken = JsonSerializer.Deserialize<JsonElement>(await anvil.RpcAsync("eth_getTransactionByHash", receipt.Hash.ToString()));
            // The chain names as sender whom it recovered from the signature.
            Assert.Equal(account, taken.Address("from"));
            Assert.InRange(taken.Number("s"), BigInteger.One, HalfOrder);
        }

        Assert.Equal(payments.Aggregate(BigInteger.Zero, (sum, payment) => sum + payment.Value), await anvil.Client.GetBalanceAsync(Receiver, CancellationToken.None));
        Assert.Equal(42, await anvil.Client.QueryAsync(token.Allowance(account, Receiver), CancellationToken.None));
        Assert.Equal(8, service.Requests.Count(isSigning));

        ContractCall[] forbidden =
        [
            new(AnvilAccounts.Delegator.Address, [], "payment to a stranger", 1),
            new(Receiver, [], "payment above the maximum", Maximum + 1),
            new(null, [0x00], "a new contract"),
        ];
        foreach (ContractCall call in forbidden)
        {
            InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => pipeline.SendAsync(call with { GasLimit = 100_000 }, CancellationToken.None));
            Assert.Equal(ChainErrors.SigningRefusedCode, refusal.Code);
            Assert.Equal(FailureKind.Refused, refusal.Kind);
        }

        // The service was not even asked, and the account goes on where it was.
        Assert.Equal(8, service.Requests.Count(isSigning));
        Assert.True((await pipeline.SendAsync(new ContractCall(Receiver, [], "payment of the maximum", Maximum), CancellationToken.None)).Succeeded);
        Assert.Equal(9UL, await anvil.Client.GetNonceAsync(account, CancellationToken.None));
    }

    /// <summary>Places a token's code and gives the account what it needs for gas, with a key that is not under test.</summary>
    private static async Task<Address> PlaceTokenAsync(TestAnvil anvil, Address account)
    {
        TransactionPipeline deployer = await anvil.OpenPipelineAsync(AnvilAccounts.Deployer);
        byte[] code = (await new ContractArtifacts(FoundryFactAttribute.Layout).ReadAsync("TestUsd", CancellationToken.None)).CreationCode;
        byte[] input = [.. new byte[Bytes32.Length], .. code];
        await deployer.SendAsync(
            [
                new ContractCall(Jeju.Infra.Chain.Suite.Create2.KeylessDeployer, input, "TestUsd"),
                new ContractCall(account, [], "gas", BigInteger.Pow(10, 18)),
            ],
            CancellationToken.None);
        return Jeju.Infra.Chain.Suite.Create2.AddressOf(Jeju.Infra.Chain.Suite.Create2.KeylessDeployer, default, Keccak.Hash(code));
    }
}
