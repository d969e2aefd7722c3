// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAttestationVerifier} from "../../src/dws/IAttestationVerifier.sol";
import {IDWSBilling} from "../../src/dws/IDWSBilling.sol";
import {ITreasury} from "../../src/governance/ITreasury.sol";
import {IERC3009} from "../../src/token/IERC3009.sol";
import {Vm} from "../base/Vm.sol";
import {Replay} from "./Replay.sol";

/// @title Credits, escrow, claims and plans, from the events of DWSBilling alone
contract BillingReplayTest is Replay {
    mapping(bytes32 planId => bytes32) private _payeeOf;

    function test_Events_RebuildTheMoneyOfTheMarket() external {
        vm.startPrank(operator);
        bytes32 planId = billing.setPlan("plan", 1_000_003, 1 days, true);
        billing.setPlan("old plan", 7, 2 days, false);
        vm.stopPrank();
        vm.startPrank(consumer);
        billing.withdraw(1001);
        billing.deposit(delegator, 5_000_007);
        billing.subscribe(planId, 2e6);
        skipTime(1 days);
        billing.renew(planId, consumer);
        billing.cancelSubscription(planId);
        vm.stopPrank();
        vm.startPrank(admin);
        billing.setProtocolFee(733);
        billing.grantRole(billing.LESSOR_ROLE(), admin);
        billing.openEscrow("lease", consumer, 9_000_001);
        billing.fundEscrow("lease", 1_000_003);
        billing.payNode("lease", stakingNodeId, 3_000_001);
        billing.payAccount("lease", operator, 2_000_003);
        billing.refundEscrow("lease", 1_000_009);
        billing.setWiring(account("new treasury"), address(staking));
        vm.stopPrank();
        usd.mint(address(billing), 4711);
        billing.sweepSurplus();
        vm.prank(operator);
        billing.claim();
        replay("DWSBilling", 30);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics.length > 1 ? log.topics[1] : bytes32(0);
        if (topic == IDWSBilling.CreditsDeposited.selector) {
            _credit(id, amountAt(log, 0));
        } else if (topic == IDWSBilling.CreditsWithdrawn.selector) {
            _debit(id, amountAt(log, 0));
        } else if (topic == IDWSBilling.PlanSet.selector) {
            _payeeOf[id] = log.topics[2];
            set("plan", id, keccak256(abi.encode(log.topics[2], log.data)));
        } else if (topic == IDWSBilling.SubscriptionPaid.selector) {
            _debit(log.topics[2], amountAt(log, 0) + amountAt(log, 1));
            _owe(get("treasury", 0, 0), amountAt(log, 0));
            _owe(_payeeOf[id], amountAt(log, 1));
            set("paid until", id, log.topics[2], word(log, 2));
        } else if (topic == IDWSBilling.SurplusSwept.selector) {
            _owe(id, amountAt(log, 0));
        } else if (topic == IDWSBilling.Claimed.selector) {
            sub("claimable", id, 0, amountAt(log, 0));
            sub("all claimable", 0, 0, amountAt(log, 0));
        } else if (topic == IDWSBilling.ProtocolFeeChanged.selector) {
            set("fee", 0, word(log, 0));
        } else if (topic == IDWSBilling.WiringChanged.selector) {
            set("treasury", 0, id);
            set("staking", 0, log.topics[2]);
        } else {
            return topic == IDWSBilling.SubscriptionCancelled.selector || _applyEscrow(topic, id, log);
        }
        return true;
    }

    function _applyEscrow(bytes32 topic, bytes32 lessor, Vm.Log memory log) private returns (bool) {
        bytes32 lease = log.topics[2];
        if (topic == IDWSBilling.EscrowFunded.selector) {
            add("escrow", lessor, lease, amountAt(log, 0));
            add("all escrowed", 0, 0, amountAt(log, 0));
            set("consumer", lessor, lease, log.topics[3]);
            if (amountAt(log, 1) != 0) _debit(log.topics[3], amountAt(log, 1));
            return true;
        }
        uint256 amount = amountAt(log, 0);
        if (topic == IDWSBilling.EscrowPaidAccount.selector) {
            _owe(get("treasury", 0, 0), amountAt(log, 0));
            _owe(log.topics[3], amountAt(log, 1));
            amount += amountAt(log, 1);
        } else if (topic == IDWSBilling.EscrowRefunded.selector) {
            _credit(log.topics[3], amount);
        } else if (topic != IDWSBilling.EscrowPaidNode.selector) {
            return false;
        }
        sub("escrow", lessor, lease, amount);
        sub("all escrowed", 0, 0, amount);
        return true;
    }

    function _credit(bytes32 account, uint256 amount) private {
        add("credits", account, 0, amount);
        add("all credits", 0, 0, amount);
    }

    function _debit(bytes32 account, uint256 amount) private {
        sub("credits", account, 0, amount);
        sub("all credits", 0, 0, amount);
    }

    function _owe(bytes32 account, uint256 amount) private {
        add("claimable", account, 0, amount);
        add("all claimable", 0, 0, amount);
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        if (what == "credits") return bytes32(billing.creditsOf(asAddress(id)));
        if (what == "claimable") return bytes32(billing.claimableOf(asAddress(id)));
        if (what == "escrow") return bytes32(billing.escrowBalance(asAddress(id), other));
        if (what == "consumer") return asWord(billing.escrow(asAddress(id), other).consumer);
        if (what == "fee") return bytes32(uint256(billing.protocolFeeBps()));
        if (what == "treasury") return asWord(billing.treasury());
        if (what == "staking") return asWord(billing.staking());
        if (what == "paid until") return bytes32(uint256(billing.paidUntil(id, asAddress(other))));
        if (what == "plan") {
            IDWSBilling.Plan memory plan = billing.plan(id);
            return keccak256(abi.encode(plan.payee, abi.encode(plan.price, plan.period, plan.active)));
        }
        (uint256 credits, uint256 escrowed, uint256 claimable) = billing.liabilities();
        if (what == "all credits") return bytes32(credits);
        return bytes32(what == "all escrowed" ? escrowed : claimable);
    }
}

/// @title Buckets, debts and limits, from the events of the treasury alone
contract TreasuryReplayTest is Replay {
    function test_Events_RebuildTheTreasury() external {
        ITreasury money = ITreasury(memberOf("Treasury"));
        address verifier = account("verifier");
        vm.startPrank(admin);
        money.setSplit(ITreasury.Split(4000, 3000, 2000, 1000));
        money.setLimit(address(usd), ITreasury.Limit({perWindow: 900e6, operatorPerWindow: 50e6}));
        money.setBeneficiary(ITreasury.Bucket.Insurance, delegator);
        money.setVerifier(verifier);
        money.setMeasurement("enclave", true);
        _grant("Treasury", "SPENDER_ROLE", admin);
        vm.stopPrank();
        vm.startPrank(consumer);
        usd.approve(address(money), type(uint256).max);
        money.deposit(address(usd), 1_000_000_007);
        vm.stopPrank();
        usd.mint(address(money), 4711);
        money.bookSurplus(address(usd));
        vm.startPrank(admin);
        money.spend(address(usd), ITreasury.Bucket.Insurance, delegator, 11e6, "claim");
        money.spend(address(usd), ITreasury.Bucket.Protocol, consumer, 13e6, "audit");
        vm.stopPrank();
        vm.mockCall(
            verifier,
            abi.encodeWithSelector(IAttestationVerifier.verify.selector),
            abi.encode(bytes32("enclave"), uint64(vm.getBlockTimestamp()))
        );
        vm.prank(stranger);
        money.registerOperator("quote");
        vm.startPrank(operator);
        money.registerOperator("quote");
        money.drawAsOperator(address(usd), 3e6);
        vm.stopPrank();
        money.withdraw(address(usd), delegator);
        vm.prank(admin);
        money.revokeOperator(stranger);
        replay("Treasury", 18);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics.length > 1 ? log.topics[1] : bytes32(0);
        if (topic == ITreasury.RevenueBooked.selector) {
            for (uint256 i = 0; i < 4; i++) {
                add("bucket", id, bytes32(i), amountAt(log, i));
                add("liabilities", id, 0, amountAt(log, i));
            }
        } else if (topic == ITreasury.Spent.selector) {
            sub("bucket", id, log.topics[2], amountAt(log, 0));
            add("owed", id, log.topics[3], amountAt(log, 0));
        } else if (topic == ITreasury.Withdrawn.selector) {
            sub("owed", id, log.topics[2], amountAt(log, 0));
            sub("liabilities", id, 0, amountAt(log, 0));
        } else if (topic == ITreasury.SplitChanged.selector) {
            set("split", 0, keccak256(log.data));
        } else if (topic == ITreasury.LimitChanged.selector) {
            set("limit", id, keccak256(log.data));
        } else if (topic == ITreasury.BeneficiaryChanged.selector) {
            set("beneficiary", id, word(log, 0));
        } else if (topic == ITreasury.OperatorRegistered.selector) {
            set("operator until", id, word(log, 0));
        } else if (topic == ITreasury.OperatorRevoked.selector) {
            set("operator until", id, 0);
        } else {
            // No view answers these; the treasury's tests show that they bite.
            return topic == ITreasury.VerifierChanged.selector || topic == ITreasury.MeasurementSet.selector;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        ITreasury money = ITreasury(replayed);
        if (what == "bucket") return bytes32(money.bucketBalance(asAddress(id), ITreasury.Bucket(uint256(other))));
        if (what == "liabilities") return bytes32(money.liabilities(asAddress(id)));
        if (what == "owed") return bytes32(money.owed(asAddress(id), asAddress(other)));
        if (what == "split") return keccak256(abi.encode(money.currentSplit()));
        if (what == "limit") return keccak256(abi.encode(money.limitOf(asAddress(id))));
        if (what == "beneficiary") return asWord(money.beneficiaryOf(ITreasury.Bucket(uint256(id))));
        return bytes32(money.operatorValidUntil(asAddress(id)));
    }
}

/// @title Who holds what, from the events of the tokens alone
/// @dev Allowances are not among what they say: by ERC-20 a transfer does not announce what is left of one.
contract TokenReplayTest is Replay {
    function test_Events_RebuildTheBalancesOfJeju() external {
        vm.prank(consumer);
        jeju.transfer(stranger, 1001 ether);
        replay("JejuToken", 20);
    }

    function test_Events_RebuildTheBalancesOfTheTestDollar_AndTheAuthorizations() external {
        bytes32 structHash = keccak256(abi.encode(usd.CANCEL_AUTHORIZATION_TYPEHASH(), consumer, bytes32("cancelled")));
        bytes memory signature =
            signatureOf("consumer", keccak256(abi.encodePacked(hex"1901", usd.DOMAIN_SEPARATOR(), structHash)));
        usd.cancelAuthorization(consumer, "cancelled", signature);
        structHash = keccak256(
            abi.encode(
                usd.TRANSFER_WITH_AUTHORIZATION_TYPEHASH(),
                consumer,
                stranger,
                4711,
                0,
                type(uint256).max,
                bytes32("used")
            )
        );
        signature = signatureOf("consumer", keccak256(abi.encodePacked(hex"1901", usd.DOMAIN_SEPARATOR(), structHash)));
        usd.transferWithAuthorization(consumer, stranger, 4711, 0, type(uint256).max, "used", signature);
        replay("TestUsd", 20);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        if (topic == IERC20.Transfer.selector) {
            if (log.topics[1] == 0) add("supply", 0, 0, amountAt(log, 0));
            else sub("balance", log.topics[1], 0, amountAt(log, 0));
            if (log.topics[2] == 0) sub("supply", 0, 0, amountAt(log, 0));
            else add("balance", log.topics[2], 0, amountAt(log, 0));
        } else if (topic == IERC3009.AuthorizationUsed.selector || topic == IERC3009.AuthorizationCanceled.selector) {
            set("authorization", log.topics[1], log.topics[2], asWord(true));
        } else {
            return topic == IERC20.Approval.selector;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        if (what == "supply") return bytes32(IERC20(replayed).totalSupply());
        if (what == "balance") return bytes32(IERC20(replayed).balanceOf(asAddress(id)));
        return asWord(IERC3009(replayed).authorizationState(asAddress(id), other));
    }
}
