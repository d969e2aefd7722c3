using Jeju.Infra.Core;
using Jeju.Infra.Stacks.Settings;

namespace Jeju.Infra.Tests.Stacks;

/// <summary>Settings that are refused, each with its whole message: name, value, rule, line and way out.</summary>
public sealed class WrongSettingsTests : IDisposable
{
    /// <summary>Settings of a public network that are right, without a cloud; four lines below <c>config:</c>.</summary>
    private const string Market = """
          jeju-infra:chainEndpoint: https://sepolia.base.org
          jeju-infra:deployer: { type: environment, key: JEJU_DEPLOYER_KEY }
          jeju-infra:consumer: { type: environment, key: JEJU_CONSUMER_KEY }
          jeju-infra:paymentToken: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913"

        """;

    /// <summary>The same with keys that mainnet takes.</summary>
    private const string Production = """
          jeju-infra:chainEndpoint: https://mainnet.base.org
          jeju-infra:deployer: { type: awsKms, key: alias/deployer, region: eu-west-1 }
          jeju-infra:consumer: { type: keystore, key: keys/consumer.json, passphraseVariable: JEJU_CONSUMER_PASSPHRASE }
          jeju-infra:paymentToken: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913"

        """;

    /// <summary>With Amazon Web Services: line 6 to 12.</summary>
    private const string Aws = Market + """
          jeju-infra:zone: testnet.jejunetwork.org
          jeju-infra:alarmRecipients: [operations@jejunetwork.org]
          jeju-infra:aws:
            accountId: "100000000001"
            region: eu-west-1
            administratorRoles: [arn:aws:iam::100000000001:role/administrator]
            monthlyBudget: 4000
            allowedAddresses:

        """;

    private const string Networks = "\n      - 203.0.113.0/24\n";
    private const string AllSettings =
        "backend, blockTime, capacityPerKind, chainPort, commission, contracts, delegation, networkRange, policyExceptions, region, services, stake";

    private const string AllKinds =
        "bitcoin, bridge, bundler, cdn, compute, cosmos, covenantsql, evm-chain, farcaster-hub, gateway, indexer, ipfs, messaging, oracle, postgres, redis, solana, storage, vpn";

    private const string AllSizes =
        "bundlerReplicas, covenantSqlMinerVolumeGigabytes, covenantSqlMiners, covenantSqlProducerVolumeGigabytes, dwsAgentVolumeGigabytes, farcasterHubVolumeGigabytes, "
        + "gatewayMaximumReplicas, gatewayReplicas, indexerReplicas, kmsReplicas, opGethVolumeGigabytes, opNodeVolumeGigabytes, relayReplicas, rpcReplicas";

    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-settings-").FullName;

    public static TheoryData<string, string, string> Cases => new()
    {
        // Names.
        { "localnet", "  jeju-infra:chanPort: 1", $"2: jeju-infra:chanPort: there is no such setting; did you mean 'chainPort'? (all: {AllSettings})" },
        { "localnet", "  jeju-infra:colour: red", $"2: jeju-infra:colour: there is no such setting; use one of {AllSettings}" },
        { "localnet", "  chainPort: 9000", "2: chainPort: the key has no namespace; write 'jeju-infra:chainPort'" },
        { "localnet", "  jeju-infa:chainPort: 9000",
            "2: jeju-infa:chainPort: nobody reads the namespace 'jeju-infa'; write 'jeju-infra:chainPort', or a provider's own: aws, gcp, kubernetes, docker, jeju, pulumi" },
        { "localnet", "  jeju-infra:services:\n    - name: a\n      kind: redis\n      hour: 3",
            "5: jeju-infra:services[0].hour: there is no such setting; did you mean 'hours'? (all: hours, jnsName, kind, maximumPricePerHour, name, region, tee, waitFor)" },
        { "testnet", Aws + Networks + "    nodeGroups:\n      rpc:\n        maxinum: 3",
            "17: jeju-infra:aws.nodeGroups.rpc.maxinum: there is no such setting; did you mean 'maximum'? (all: diskGigabytes, machineType, maximum, minimum)" },

        // Types and shapes.
        { "localnet", "  jeju-infra:chainPort: high", "2: jeju-infra:chainPort: 'high' is not a whole number; write a whole number from 1024 to 65535" },
        { "localnet", "  jeju-infra:stake: 10000.5", "2: jeju-infra:stake: '10000.5' is not a whole number; write a whole number from 10000 to 1000000 JEJU" },
        { "localnet", "  jeju-infra:services: 5", "2: jeju-infra:services: a list is expected, not '5'; write one entry per line, each after '- '" },
        { "localnet", "  jeju-infra:services:\n    - name: a\n      kind: redis\n      tee: maybe", "5: jeju-infra:services[0].tee: 'maybe' is neither true nor false; write true or false" },
        { "testnet", Market + "  jeju-infra:aws: eu-west-1", "6: jeju-infra:aws: a group of settings is expected, not 'eu-west-1'; write 'name: value' lines below it" },
        { "testnet", Market + "  jeju-infra:guardian: [a]", "6: jeju-infra:guardian: '[\"a\"]' is not an address; write 0x and 40 hexadecimal digits" },

        // Lines without a value.
        { "localnet", "  jeju-infra:services:\n    - redis\n    -", "4: jeju-infra:services[1]: there is no value; write one, or remove the line" },
        { "localnet", "  jeju-infra:services:\n    - name:\n      kind: redis", "3: jeju-infra:services[0].name: there is no value; write one, or remove the line" },
        { "localnet", "  jeju-infra:services:\n    - name: a\n      kind:", "4: jeju-infra:services[0].kind: there is no value; write one, or remove the line" },
        { "localnet", "  jeju-infra:services:\n    - name: a\n      kind: redis\n      hours: ~", "5: jeju-infra:services[0].hours: there is no value; write one, or remove the line" },

        // Parts of the file.
        { "localnet", "  jeju-infra:chainPort: 9000\nconfg:\n  jeju-infra:stake: 20000",
            "3: confg: a settings file has no such part; use one of config, encryptionsalt, encryptedkey, secretsprovider, environment" },

        // Ranges and choices.
        { "localnet", "  jeju-infra:chainPort: 80", "2: jeju-infra:chainPort: '80' is out of range; write a whole number from 1024 to 65535" },
        { "localnet", "  jeju-infra:services:\n    - name: a\n      kind: redis\n      hours: 721",
            "5: jeju-infra:services[0].hours: '721' is out of range; write a whole number from 1 to 720 hours" },
        { "testnet", Market + "  jeju-infra:commission: 1999", "6: jeju-infra:commission: '1999' is out of range; write a whole number from 2000 to 4000 basis points" },
        { "localnet", "  jeju-infra:backend: podman", "2: jeju-infra:backend: 'podman' is not allowed; use one of docker, null" },
        { "localnet", "  jeju-infra:services:\n    - mysql", $"3: jeju-infra:services[0].kind: 'mysql' is not allowed; use one of {AllKinds}" },
        { "testnet", Aws + Networks + "    database:\n      backupDays: 36", "16: jeju-infra:aws.database.backupDays: '36' is out of range; write a whole number from 1 to 35 days" },
        { "testnet", Aws + Networks + "    nodeGroups:\n      rpc:\n        minimum: 5\n        maximum: 3",
            "17: jeju-infra:aws.nodeGroups.rpc.minimum: '5' is more than the maximum of 3; write at most the maximum" },
        { "testnet", Aws + Networks + "    secretRecoveryDays: 3", "15: jeju-infra:aws.secretRecoveryDays: Secrets Manager cannot restore within 3 days alone; write 0, or 7 to 30" },
        { "testnet", Aws + Networks + "    grafana:\n      metadataUrl: https://id.jejunetwork.org/metadata",
            "15: jeju-infra:aws.grafana.editors: the list is empty; write the values of the role's attribute that make an editor: the service asks for one" },
        { "testnet", Aws + Networks + "    grafana:\n      signIn: identityCenter\n      editors: [a]\n      metadataUrl: https://id.jejunetwork.org/metadata",
            "18: jeju-infra:aws.grafana.metadataUrl: it is SAML's, and people sign in through IAM Identity Center; leave it out, or write 'signIn: saml'" },
        { "testnet", Aws + Networks + "    logRetentionDays: 100",
            "15: jeju-infra:aws.logRetentionDays: CloudWatch cannot keep logs for 100 days; use one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653" },

        // Missing, twice, too few.
        { "localnet", "  jeju-infra:services:\n    - kind: redis", "3: jeju-infra:services[0].name: the setting is missing; write 'name: ...'" },
        { "testnet", Market.Replace("  jeju-infra:chainEndpoint: https://sepolia.base.org\n", "", StringComparison.Ordinal),
            ": jeju-infra:chainEndpoint: the setting is missing; write 'jeju-infra:chainEndpoint: ...' below 'config:'" },
        { "mainnet", Production.Replace("  jeju-infra:paymentToken: \"0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913\"\n", "", StringComparison.Ordinal),
            ": jeju-infra:paymentToken: the setting is missing; write the address of USDC on the settlement chain" },
        { "localnet", "  jeju-infra:services:\n    - redis\n    - redis", "4: jeju-infra:services[1]: the name 'redis' is taken by services[0]; give it another name" },
        { "localnet", "  jeju-infra:stake: 10000\n  jeju-infra:stake: 20000", "3: Duplicate key jeju-infra:stake; write the file as YAML with one 'config:' map" },
        { "testnet", (Aws + Networks).Replace("  jeju-infra:zone: testnet.jejunetwork.org\n", "", StringComparison.Ordinal),
            ": jeju-infra:zone: the setting is missing, and the stack has a cloud; write 'jeju-infra:zone: testnet.jejunetwork.org' below 'config:'" },
        { "testnet", Aws.Replace("allowedAddresses:\n", "allowedAddresses: []\n", StringComparison.Ordinal),
            "13: jeju-infra:aws.allowedAddresses: the list is empty; write the networks of those who operate the cluster, such as 203.0.113.0/24" },
        { "testnet", Market + "  jeju-infra:operator: { type: environment, key: JEJU_OPERATOR_KEY }",
            ": jeju-infra:agentAddress: the setting is missing, and there is an operator; write the account with which the node's agent reports" },

        // Addresses, networks, places.
        { "testnet", Market + "  jeju-infra:guardian: \"0x833589fCD6eDb6E08f4c7C32D4f71b54bdA0291\"",
            "6: jeju-infra:guardian: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA0291' is not an address; write 0x and 40 hexadecimal digits" },
        { "testnet", Market + "  jeju-infra:guardian: \"0x833589fcD6eDb6E08f4c7C32D4f71b54bdA02913\"",
            "6: jeju-infra:guardian: '0x833589fcD6eDb6E08f4c7C32D4f71b54bdA02913' has a wrong checksum: a digit is mistyped, or its case; copy the address again from where it came" },
        { "testnet", Market + "  jeju-infra:guardian: \"0x0000000000000000000000000000000000000000\"",
            "6: jeju-infra:guardian: the zero address is nobody's; write an address, or leave the setting out" },
        { "testnet", Aws + "      - 203.0.113.7/24",
            "14: jeju-infra:aws.allowedAddresses[0]: 203.0.113.7/24 has host bits set; the block that contains it is 203.0.113.0/24; write an IPv4 block such as 203.0.113.0/24" },
        { "testnet", Aws + "      - 0.0.0.0/0",
            "14: jeju-infra:aws.allowedAddresses[0]: '0.0.0.0/0' is nearly the whole internet; write the networks of those who operate the cluster, from /8 to /32" },
        { "localnet", "  jeju-infra:networkRange: here", "2: jeju-infra:networkRange: 'here' is not an IPv4 block such as 10.1.0.0/16; write an IPv4 block such as 203.0.113.0/24" },
        { "localnet", "  jeju-infra:networkRange: 10.0.0.0/8", "2: jeju-infra:networkRange: '10.0.0.0/8' is too wide; write a range from /12 to /24 such as 10.213.0.0/16" },
        { "testnet", (Aws + Networks).Replace("eu-west-1\n", "eu-west-1a\n", StringComparison.Ordinal),
            "10: jeju-infra:aws.region: 'eu-west-1a' is not a region such as eu-west-1; write a region such as eu-west-1" },
        { "testnet", (Aws + Networks).Replace("eu-west-1\n", "ca-central-1\n", StringComparison.Ordinal),
            "10: jeju-infra:aws.region: 'ca-central-1' has no zones a, b and c that every account may use; write a region with three, such as eu-west-1" },
        { "testnet", (Aws + Networks).Replace("zone: testnet.jejunetwork.org", "zone: https://jejunetwork.org", StringComparison.Ordinal),
            "6: jeju-infra:zone: 'https://jejunetwork.org' is not a DNS name such as testnet.jejunetwork.org; write a DNS name such as testnet.jejunetwork.org" },
        { "testnet", Aws + Networks + "    nodeGroups:\n      rpc:\n        machineType: n2-standard-8",
            "17: jeju-infra:aws.nodeGroups.rpc.machineType: 'n2-standard-8' is no machine type of this cloud; write one such as m6a.4xlarge" },
        { "testnet", Aws + Networks + "    database:\n      machineType: db.huge",
            "16: jeju-infra:aws.database.machineType: 'db.huge' is no database machine of this cloud; write one of the families db.t4g, db.m6g, db.m7g, db.r6g, db.r7g with a size from medium to 8xlarge, such as db.t4g.medium" },
        { "testnet", Aws + Networks + "    nodeGroups:\n      sequencer:\n        maximum: 3",
            "16: jeju-infra:aws.nodeGroups.sequencer: testnet has no nodes of the sequencer's own; remove it: there the sequencer runs on the group rpc" },

        // The chain's services.
        { "testnet", Market + "  jeju-infra:images:\n    opNode: example.org/op-node:latest",
            "7: jeju-infra:images.opNode: 'example.org/op-node:latest' is not a registry and an image with an exact version or a digest, such as docker.io/library/redis:7.4.1; "
            + "write a registry and an image with an exact version or a digest, such as docker.io/library/redis:7.4.1" },
        { "testnet", Aws + Networks + "  jeju-infra:rollup:\n    sequencingCloud: gcp",
            "16: jeju-infra:rollup.sequencingCloud: the stack has nothing on 'gcp'; name a cloud that the stack has, or leave the setting out" },

        // The sizes of the chain's services; what must be one has no setting.
        { "testnet", Market + "  jeju-infra:chainServices:\n    rpcReplicas: 1", "7: jeju-infra:chainServices.rpcReplicas: '1' is out of range; write a whole number from 2 to 50 replicas" },
        { "testnet", Market + "  jeju-infra:chainServices:\n    indexerReplicas: 1", "7: jeju-infra:chainServices.indexerReplicas: '1' is out of range; write a whole number from 2 to 50 replicas" },
        { "testnet", Market + "  jeju-infra:chainServices:\n    gatewayReplicas: 1", "7: jeju-infra:chainServices.gatewayReplicas: '1' is out of range; write a whole number from 2 to 50 replicas" },
        { "testnet", Market + "  jeju-infra:chainServices:\n    bundlerReplicas: 1", "7: jeju-infra:chainServices.bundlerReplicas: '1' is out of range; write a whole number from 2 to 50 replicas" },
        { "testnet", Market + "  jeju-infra:chainServices:\n    relayReplicas: 2", "7: jeju-infra:chainServices.relayReplicas: '2' is out of range; write a whole number from 3 to 50 replicas" },
        { "testnet", Market + "  jeju-infra:chainServices:\n    kmsReplicas: 1", "7: jeju-infra:chainServices.kmsReplicas: '1' is out of range; write a whole number from 2 to 50 replicas" },
        { "testnet", Market + "  jeju-infra:chainServices:\n    covenantSqlMiners: 2", "7: jeju-infra:chainServices.covenantSqlMiners: '2' is out of range; write a whole number from 3 to 50 replicas" },
        { "testnet", Market + "  jeju-infra:chainServices:\n    opGethVolumeGigabytes: 99", "7: jeju-infra:chainServices.opGethVolumeGigabytes: '99' is out of range; write a whole number from 100 to 16000 GB" },
        { "testnet", Market + "  jeju-infra:chainServices:\n    gatewayMaximumReplicas: 3\n    gatewayReplicas: 4",
            "8: jeju-infra:chainServices.gatewayReplicas: '4' is more than the maximum of 3; write at most the maximum" },
        { "mainnet", Production + "  jeju-infra:chainServices:\n    farcasterHubVolumeGigabytes: 1499",
            "7: jeju-infra:chainServices.farcasterHubVolumeGigabytes: '1499' GB are too few for mainnet's messages; write at least 1500" },
        { "testnet", Market + "  jeju-infra:chainServices:\n    batcherReplicas: 2", $"7: jeju-infra:chainServices.batcherReplicas: there is no such setting; use one of {AllSizes}" },
        { "testnet", Market + "  jeju-infra:chainServices:\n    sequencerReplicas: 2", $"7: jeju-infra:chainServices.sequencerReplicas: there is no such setting; use one of {AllSizes}" },
        { "testnet", Market + "  jeju-infra:chainServices:\n    bundlerReplica: 2",
            $"7: jeju-infra:chainServices.bundlerReplica: there is no such setting; did you mean 'bundlerReplicas'? (all: {AllSizes})" },

        // What the contracts are told.
        { "localnet", "  jeju-infra:contracts:\n    regions: [Zürich]",
            "3: jeju-infra:contracts.regions[0]: 'Zürich' is not a region's lower-case name; write a region's lower-case name" },
        { "testnet", Market + "  jeju-infra:contracts:\n    countries: [CH, Germany]",
            "7: jeju-infra:contracts.countries[1]: 'Germany' is not a country's two capital letters (ISO 3166) such as CH; write a country's two capital letters (ISO 3166) such as CH" },
        { "testnet", Market + "  jeju-infra:contracts:\n    countries:\n      - CH\n      - CH",
            "9: jeju-infra:contracts.countries[1]: 'CH' stands at countries[0] already; leave it out here" },
        { "testnet", Market + "  jeju-infra:contracts:\n    watchers:\n      - \"0x00000000000000000000000000000000000000aa\"\n      - \"0x00000000000000000000000000000000000000aa\"",
            "9: jeju-infra:contracts.watchers[1]: '0x00000000000000000000000000000000000000aa' stands at watchers[0] already; leave it out here" },
        { "testnet", Market + "  jeju-infra:contracts:\n    watchers:\n      - \"0x0000000000000000000000000000000000000000\"",
            "8: jeju-infra:contracts.watchers[0]: the zero address is nobody's; write an account whose key a watcher has" },
        { "testnet", Market + "  jeju-infra:contracts:\n    watchers:\n      - \"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266\"",
            "8: jeju-infra:contracts.watchers[0]: '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266' is one of Anvil's published accounts, whose keys everybody knows; write an account whose key the watcher alone has" },
        { "testnet", Market + "  jeju-infra:contracts:\n    watchers: [\"0x00000000000000000000000000000000000000aa\"]\n    watcherQuorum: 2",
            "8: jeju-infra:contracts.watcherQuorum: '2' of 1 watchers can never sign; write at most as many as there are watchers, or leave the setting out" },
        { "testnet", Market + "  jeju-infra:contracts:\n    watcherQuorum: 65",
            "7: jeju-infra:contracts.watcherQuorum: '65' is out of range; write a whole number from 1 to 64 watchers" },
        { "testnet", Market + "  jeju-infra:contracts:\n    jejuPerDollar: -1",
            "7: jeju-infra:contracts.jejuPerDollar: '-1' is out of range; write a whole number from 0 to 1000000 JEJU per dollar" },
        { "testnet", Market + "  jeju-infra:contracts:\n    exceptions: [ORACLE_ROLE]",
            "7: jeju-infra:contracts.exceptions[0]: 'ORACLE_ROLE' is not a contract and a subject as `contracts verify` names them, such as 'AutoSlasher: ORACLE_ROLE'; "
                + "write a contract and a subject as `contracts verify` names them, such as 'AutoSlasher: ORACLE_ROLE'" },
        { "testnet", Market + "  jeju-infra:contracts:\n    attestationVerifier: \"0x0000000000000000000000000000000000000000\"",
            "7: jeju-infra:contracts.attestationVerifier: the zero address is nobody's; write the contract's address, or leave the setting out" },
        { "testnet", Market + "  jeju-infra:contracts:\n    outputOracle: \"0x0000000000000000000000000000000000000000\"",
            "7: jeju-infra:contracts.outputOracle: the zero address is nobody's; write the contract's address, or leave the setting out" },
        { "testnet", Market + "  jeju-infra:contracts:\n    outputOracle: \"0x00000000000000000000000000000000000000a1\"\n    disputeGameFactory: \"0x00000000000000000000000000000000000000a2\"",
            "8: jeju-infra:contracts.disputeGameFactory: one contract of the rollup tells of its outputs, and 'outputOracle' is set; keep the one that the rollup's proposer posts to" },
        { "testnet", Market + "  jeju-infra:contracts:\n    disputeGameType: 1",
            "7: jeju-infra:contracts.disputeGameType: there are no games without 'disputeGameFactory'; name the factory, or leave the type out" },
        { "localnet", "  jeju-infra:contracts:\n    region: [a]",
            "3: jeju-infra:contracts.region: there is no such setting; did you mean 'regions'? (all: attestationVerifier, countries, disputeGameFactory, disputeGameType, exceptions, jejuPerDollar, outputOracle, regions, watcherQuorum, watchers)" },

        // Keys.
        { "testnet", Market.Replace("JEJU_DEPLOYER_KEY", "\"0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318\"", StringComparison.Ordinal),
            "3: jeju-infra:deployer.key: a private key in plain text is never a setting; remove it from the file and from its history, make a new key, and write where that is kept" },
        { "testnet", Market.Replace("key: JEJU_DEPLOYER_KEY", "key: JEJU_DEPLOYER_KEY, address: \"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266\"", StringComparison.Ordinal),
            "3: jeju-infra:deployer.address: '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266' is one of Anvil's published accounts, whose keys everybody knows; make a key of your own, and write its account" },
        { "mainnet", Production.Replace("type: awsKms, key: alias/deployer, region: eu-west-1", "type: environment, key: JEJU_DEPLOYER_KEY", StringComparison.Ordinal),
            "3: jeju-infra:deployer.type: 'environment' leaves the bare key in the process's surroundings, which mainnet refuses; use one of keystore, awsKms, gcpKms" },
        { "mainnet", Production.Replace("type: awsKms, key: alias/deployer, region: eu-west-1", "type: ledger, key: a", StringComparison.Ordinal),
            "3: jeju-infra:deployer.type: 'ledger' is not allowed; use one of environment, keystore, awsKms, gcpKms" },
        { "mainnet", Production.Replace("alias/deployer", "arn:aws:s3:::deployer", StringComparison.Ordinal),
            "3: jeju-infra:deployer.key: 'arn:aws:s3:::deployer' is no ARN of a key; write arn:aws:kms:<region>:<account>:key/<id> or :alias/<name>" },
        { "mainnet", Production.Replace("type: awsKms, key: alias/deployer, region: eu-west-1", "type: gcpKms, key: deployer", StringComparison.Ordinal),
            "3: jeju-infra:deployer.key: 'deployer' is no key version; write projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>/cryptoKeyVersions/<number>" },
        { "mainnet", Production.Replace(", passphraseVariable: JEJU_CONSUMER_PASSPHRASE", "", StringComparison.Ordinal),
            "4: jeju-infra:consumer.passphraseVariable: the setting is missing; write one of the two: the name of a variable, or the path of a file that holds the passphrase" },
        { "mainnet", Production.Replace("alias/deployer,", "alias/deployer, passphraseFile: secret.txt,", StringComparison.Ordinal),
            "3: jeju-infra:deployer.passphraseFile: it belongs to type keystore; leave it out with type awsKms" },
        { "mainnet", Production.Replace("type: keystore, key: keys/consumer.json, passphraseVariable: JEJU_CONSUMER_PASSPHRASE", "type: awsKms, key: alias/consumer", StringComparison.Ordinal) + "  jeju-infra:services: [redis]",
            ": jeju-infra:encryptionKey: the setting is missing, and the consumer's key never leaves its key service; write one with `pulumi config set --secret jeju-infra:encryptionKey`" },
        { "mainnet", Production + "  jeju-infra:encryptionKey: \"0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318\"",
            "6: jeju-infra:encryptionKey: a secret stands in plain text; remove it from the file and from its history, and write it with `pulumi config set --secret jeju-infra:encryptionKey`" },
        { "testnet", Market.Replace("JEJU_DEPLOYER_KEY", "my-key", StringComparison.Ordinal),
            "3: jeju-infra:deployer.key: 'my-key' is no name of an environment variable; write a name of capital letters, digits and underscores, such as JEJU_DEPLOYER_KEY" },
        { "testnet", Market + "  jeju-infra:operator: { type: environment, key: JEJU_CONSUMER_KEY }\n  jeju-infra:agentAddress: \"0x00000000000000000000000000000000000000aa\"",
            "4: jeju-infra:consumer.key: 'JEJU_CONSUMER_KEY' is the operator's key; use another: a network must not buy from itself with one account" },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_wrong_setting_is_refused_with_name_value_rule_line_and_way_out(string stack, string settings, string expected)
    {
        var error = Assert.Throws<InfraException>(() => Read(stack, settings));

        Assert.Equal((FailureKind.Usage, new ErrorCode(702)), (error.Kind, error.Code));
        Assert.Equal($"A setting is wrong.\n  Pulumi.{stack}.yaml{(expected[0] == ':' ? "" : ":")}{expected}", error.Message);
        Assert.Contains("Edit the file", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_cases_start_from_is_right()
    {
        Read("testnet", Market);
        Read("mainnet", Production);
        Read("testnet", Aws + Networks);
        Read("localnet", "  jeju-infra:chainPort: 9000");
    }

    [Fact]
    public void A_file_that_is_no_yaml_is_refused_with_the_line()
    {
        var error = Assert.Throws<InfraException>(() => Read("localnet", "  a: [1\n"));

        Assert.Contains("Pulumi.localnet.yaml:", error.Message, StringComparison.Ordinal);
    }

    private void Read(string stack, string settings)
    {
        var path = Path.Combine(_folder, $"Pulumi.{stack}.yaml");
        File.WriteAllText(path, "config:\n" + settings.Replace("allowedAddresses:\n\n", "allowedAddresses:\n", StringComparison.Ordinal));
        var file = SettingsFile.Read(path);

        // As the engine hands them over: a key without a namespace gets the project's name.
        var values = file.Keys.ToDictionary(key => key.Contains(':', StringComparison.Ordinal) ? key : $"jeju-infra:{key}", key => file.Text(key) ?? "", StringComparer.Ordinal);
        var reader = new SettingsReader(file, NetworkProfile.ForStack(stack));
        _ = stack == "localnet" ? (object)reader.Read<LocalnetSettings>(values) : reader.Read<MarketSettings>(values);
    }
}
