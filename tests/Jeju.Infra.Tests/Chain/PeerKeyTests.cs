using Jeju.Infra.Chain;

namespace Jeju.Infra.Tests.Chain;

/// <summary>A peer id is what libp2p's own programs make of a key.</summary>
public sealed class PeerKeyTests
{
    /// <summary>A key, its public key and its id as js-libp2p prints them (mingder78/libp2p-ethereum).</summary>
    [Fact]
    public void The_id_of_a_key_is_that_of_other_implementations()
    {
        const string id = "16Uiu2HAmE1zdG92om3Y49m3ZeT5T3jAZCZ1w7JGWi93NWGRbjmW1";
        const string privateKey = "db82e7408fbe37e0641087557f3535a34049d19d27f6939f43b47418cd981434";

        Assert.Equal(id, PeerKey.IdOf(Convert.FromHexString("03143d31fe6a0516a34c5a5b1e0629ad3e82eb7c76c61bbdcd71031227d58a05b2")));
        Assert.Equal((id, privateKey), (PeerKey.Of(privateKey).PeerId, PeerKey.Of(privateKey).PrivateKey));
    }

    /// <summary>Boot nodes of Base and Optimism, whose public keys and ids are both published (paradigmxyz/reth, discv5).</summary>
    [Theory]
    [InlineData("ca21ea8f176adb2e229ce2d700830c844af0ea941a1d8152a9513b966fe525e809c3a6c73a2c18a12b74ed6ec4380edf91662778fe0b79f6a591236e49e176f9", "16Uiu2HAmSG2hdLwyQHQmG4bcJBgD64xnW63WMTLcrNq6KoZREfGb")]
    [InlineData("8a5a5006159bf079d06a04e5eceab2a1ce6e0f721875b2a9c96905336219dbe14203d38f70f3754686a6324f786c2f9852d8c0dd3adac2d080f4db35efc678c5", "16Uiu2HAmMy4V8bi3XP7KDfSLQcLACSvTLroRRwEsTyFUKo8NCkkp")]
    [InlineData("cdadbe835308ad3557f9a1de8db411da1a260a98f8421d62da90e71da66e55e98aaa8e90aa7ce01b408a54e4bd2253d701218081ded3dbe5efbbc7b41d7cef79", "16Uiu2HAmSVsb7MbRf1jg3Dvd6a3n5YNqKQwn1fqHCFgnbqCsFZKe")]
    [InlineData("acf4507a211ba7c1e52cdf4eef62cdc3c32e7c9c47998954f7ba024026f9a6b2150cd3f0b734d9c78e507ab70d59ba61dfe5c45e1078c7ad0775fb251d7735a2", "16Uiu2HAm74pBDGdQ84XCZK27GRQbGFFwQ7RsSqsPwcGmCR3Cwn3B")]
    [InlineData("87a32fd13bd596b2ffca97020e31aef4ddcc1bbd4b95bb633d16c1329f654f34049ed240a36b449fda5e5225d70fe40bc667f53c304b71f8e68fc9d448690b51", "16Uiu2HAmMnTiJwgFtSVGV14ZNpwAvS1LUoF4pWWeNtURuV6C3zYB")]
    public void The_id_of_a_public_key_is_the_published_one(string publicKey, string id)
    {
        var point = Convert.FromHexString(publicKey);
        byte[] compressed = [(byte)(2 + (point[63] & 1)), .. point[..32]];

        Assert.Equal(id, PeerKey.IdOf(compressed));
    }

    [Fact]
    public void Two_new_keys_are_not_the_same()
    {
        var (one, other) = (PeerKey.Generate(), PeerKey.Generate());

        Assert.NotEqual(one.PeerId, other.PeerId);
        Assert.Matches("^[0-9a-f]{64}$", one.PrivateKey);
        Assert.Matches("^16Uiu2HA[1-9A-HJ-NP-Za-km-z]{45}$", one.PeerId);
        Assert.Throws<ArgumentException>(() => PeerKey.IdOf(new byte[65]));
    }
}
