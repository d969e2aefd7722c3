// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ILiquidityRouter} from "../../src/market/ILiquidityRouter.sol";
import {ForcedInclusionQueue} from "../../src/settlement/ForcedInclusionQueue.sol";
import {OutputOracleFacts} from "../../src/settlement/OutputOracleFacts.sol";
import {OutputOracle} from "../mocks/Rollup.sol";
import {WatchedSuiteTest} from "../base/WatchedSuiteTest.sol";
import {Arguments} from "../support/Arguments.sol";

/// @title A stranger calls every function of every contract of a suite in use, and nobody else is poorer, slashed or renamed
/// @notice The functions are those of surface.json, which is written from the compiled ABIs. Arguments are live ids, addresses, amounts and texts, now
/// and then random ones. A call that is refused changes nothing; after one that is not, everything that is watched has to be what it was.
///
/// What is watched is what belongs to others: tokens, credits, escrow, stake, allocations, roles, names, records, artifacts, states. What everybody may
/// advance (a settlement that is due, an epoch that has ended) is listed with its reason in stranger.json, as are the functions that no call got past the
/// first check of.
contract StrangerTest is WatchedSuiteTest {
    struct Outcome {
        uint256 before;
        bool[] known;
        uint256 done;
        bool refusedForWho;
        bytes32 firstReason;
        bool otherReason;
    }

    uint256 private constant TRIES = 24;
    uint256 private constant MOST_TRIES = 120;
    string private constant LIST = "test/suite/stranger.json";

    bytes32[] private _values;
    Arguments private _arguments;
    mapping(bytes4 selector => bool) private _isAboutWho;
    mapping(bytes32 entry => bool) private _isListed;

    function setUp() public override {
        super.setUp();
        _arguments = new Arguments();
        _drawFromWhatLives();
        fundStake(stranger, 1_000_003 ether);
        usd.mint(stranger, 1_000_003e6);
        vm.deal(stranger, 1000 ether);
        string[7] memory spenders = [
            "DelegatedNodeStaking",
            "DWSBilling",
            "DAOFunding",
            "LiquidityRouter",
            "JNSRegistrar",
            "Treasury",
            "SequencerRegistry"
        ];
        vm.startPrank(stranger);
        for (uint256 i = 0; i < spenders.length; i++) {
            jeju.approve(memberOf(spenders[i]), type(uint256).max);
            usd.approve(memberOf(spenders[i]), type(uint256).max);
        }
        vm.stopPrank();
    }

    function test_Stranger_ChangesNobodyElsesMoneyStakeNamesOrStatus() external {
        string memory surface = vm.readFile("test/suite/surface.json");
        _knowErrors(surface);
        string memory list = vm.readFile(LIST);
        string[] memory notReached = vm.parseJsonKeys(list, ".neverPastTheFirstCheck");
        string[] memory advances = vm.parseJsonKeys(list, ".advancedByAnybody");
        for (uint256 i = 0; i < advances.length; i++) {
            _isListed[keccak256(bytes(advances[i]))] = true;
        }
        _values = this.valuesOfAll();
        string memory found;
        string memory changed;
        uint256 done = 0;
        string[] memory contracts = vm.parseJsonStringArray(surface, ".contracts");
        for (uint256 i = 0; i < contracts.length; i++) {
            address target = _targetOf(contracts[i]);
            vm.assertGt(target.code.length, 0, contracts[i]);
            string[] memory functions = vm.parseJsonStringArray(surface, string.concat(".functions.", contracts[i]));
            for (uint256 j = 0; j < functions.length; j++) {
                (bool some, bool reached, string memory changes) = this.attack(contracts[i], target, functions[j]);
                changed = string.concat(changed, changes);
                if (some) done++;
                if (!reached) found = string.concat(found, contracts[i], ".", functions[j], "\n");
            }
        }
        vm.assertEq(changed, "", "what a stranger changed");
        string memory expected;
        for (uint256 i = 0; i < notReached.length; i++) {
            expected = string.concat(expected, notReached[i], "\n");
        }
        vm.assertEq(found, expected, "functions that no call got past the first check of");
        // Most of what a stranger may do he does for himself: it has to have happened.
        vm.assertGt(done, 90, "functions that a stranger called with success");
    }

    /// @dev Called from outside, so that its memory is given back.
    function attack(string memory name, address target, string memory signature)
        external
        returns (bool some, bool reached, string memory changes)
    {
        Outcome memory outcome;
        outcome.known = new bool[](_values.length);
        outcome.before = vm.snapshotState();
        string memory what = string.concat(name, ".", signature);
        // Longer for what has not been reached yet.
        for (uint256 i = 0; i < TRIES || (i < MOST_TRIES && !_isReached(outcome)); i++) {
            changes = string.concat(changes, _try(outcome, target, what, _arguments.callOf(signature, i)));
        }
        return (outcome.done > 0, _isReached(outcome), changes);
    }

    function _isReached(Outcome memory outcome) private pure returns (bool) {
        return outcome.done > 0 || outcome.refusedForWho || outcome.otherReason;
    }

    function _try(Outcome memory outcome, address target, string memory what, bytes memory data)
        private
        returns (string memory changes)
    {
        vm.prank(stranger);
        // What a transaction of the network may use.
        (bool done, bytes memory returned) = target.call{gas: 16_777_216}(data);
        if (done) {
            outcome.done++;
            changes = _changes(what, outcome.known);
            vm.revertToState(outcome.before);
        } else {
            _note(outcome, returned);
        }
    }

    function _note(Outcome memory outcome, bytes memory returned) private view {
        bytes32 reason = returned.length < 4 ? bytes32("none") : bytes32(bytes4(returned));
        if (_isAboutWho[bytes4(reason)]) outcome.refusedForWho = true;
        if (outcome.firstReason == 0) outcome.firstReason = reason;
        if (outcome.firstReason != reason) outcome.otherReason = true;
    }

    // Which watched values are not what they were, each once.
    function _changes(string memory what, bool[] memory known) private view returns (string memory changes) {
        bytes32[] memory values = this.valuesOfAll();
        for (uint256 i = 0; i < values.length; i++) {
            if (values[i] == _values[i] || known[i]) continue;
            if (_watches[i].isAmount && values[i] > _values[i]) continue;
            known[i] = true;
            string memory entry = string.concat(what, " ", _watches[i].name);
            if (!_isListed[keccak256(bytes(entry))]) changes = string.concat(changes, entry, "\n");
        }
    }

    // A refusal for who is calling is the answer that a stranger should get.
    function _knowErrors(string memory surface) private {
        string[] memory errors = vm.parseJsonStringArray(surface, ".errors");
        string[8] memory parts = [
            "Unauthorized",
            "_Not",
            "Unauthorised",
            "InvalidInitialization",
            "InvalidSender",
            "IncorrectOwner",
            "Incorrect",
            "Unauthenticated"
        ];
        for (uint256 i = 0; i < errors.length; i++) {
            for (uint256 j = 0; j < parts.length; j++) {
                if (_contains(bytes(errors[i]), bytes(parts[j]))) {
                    _isAboutWho[bytes4(keccak256(bytes(errors[i])))] = true;
                }
            }
        }
        // These say when, not who.
        _isAboutWho[bytes4(keccak256("DWSBilling_NotDue(bytes32,address,uint64)"))] = false;
    }

    function _contains(bytes memory text, bytes memory part) private pure returns (bool) {
        for (uint256 i = 0; i + part.length <= text.length; i++) {
            uint256 same = 0;
            while (same < part.length && text[i + same] == part[same]) same++;
            if (same == part.length) return true;
        }
        return false;
    }

    function _targetOf(string memory name) private returns (address) {
        bytes32 id = keccak256(bytes(name));
        if (id == keccak256("SuiteFactory")) return address(factory);
        if (id == keccak256("DelegationAccount")) {
            return ILiquidityRouter(memberOf("LiquidityRouter")).accountOf(delegator);
        }
        if (id == keccak256("ForcedInclusionQueue")) {
            return address(new ForcedInclusionQueue(address(new OutputOracleFacts(address(new OutputOracle())))));
        }
        if (id == keccak256("JejuTimelock") && memberOf(name).code.length == 0) {
            address[] memory proposers = new address[](1);
            proposers[0] = admin;
            return deploySuiteContract(
                name,
                vm.getCode("JejuTimelock.sol:JejuTimelock"),
                abi.encodeWithSignature("initialize(uint256,address[],address[])", 1 hours, proposers, proposers)
            );
        }
        return memberOf(name);
    }

    // ------------------------------------------------------------ what arguments are drawn from

    function _drawFromWhatLives() private {
        address[6] memory people = [operator, agent, consumer, delegator, admin, treasury];
        for (uint256 i = 0; i < people.length; i++) {
            _arguments.addAddress(people[i]);
            _arguments.addId(_space(people[i]));
            _arguments.addAddress(stranger);
            _arguments.addId(_space(stranger));
        }
        string[6] memory contracts =
            ["TestUsd", "JejuToken", "RepoRegistry", "JNSResolver", "SequencerRegistry", "MarketFacts"];
        for (uint256 i = 0; i < contracts.length; i++) {
            _arguments.addAddress(memberOf(contracts[i]));
        }
        bytes32[18] memory live = [
            nodeId,
            stakingNodeId,
            offerId,
            orderId,
            pendingId,
            rentalId,
            channelId,
            uploadId,
            pinId,
            repoId,
            packageId,
            repositoryId,
            workerId,
            listingId,
            serviceId,
            projectId,
            nameNode,
            keccak256("image")
        ];
        for (uint256 i = 0; i < live.length; i++) {
            _arguments.addId(live[i]);
        }
        bytes32[8] memory words = [bytes32(0), "main", KIND, NETWORK, SERVICE, "compute", "CH", keccak256("head")];
        for (uint256 i = 0; i < words.length; i++) {
            _arguments.addId(words[i]);
        }
        uint256[12] memory amounts =
            [uint256(0), 1, 2, 5, 24, 2000, 10e6, 1001 ether, agentId, nameToken, vm.getBlockTimestamp(), PRICE];
        for (uint256 i = 0; i < amounts.length; i++) {
            _arguments.addNumber(amounts[i]);
        }
        _arguments.addNumber(type(uint256).max);
        string[7] memory words_ = ["", "stranger", "harbour", "repo", "1.0.1", "https://example.org", "latest"];
        for (uint256 i = 0; i < words_.length; i++) {
            _arguments.addText(words_[i]);
        }
        _arguments.addBlob("");
        _arguments.addBlob(hex"c0ffee");
        _arguments.addBlob(signatureOf("stranger", keccak256("anything")));
        _arguments.addBlob(abi.encodeWithSignature("pauseAction(bytes32)", bytes32("register")));
    }
}
