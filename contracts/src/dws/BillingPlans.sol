// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IDWSBilling} from "./IDWSBilling.sol";
import {BillingAccounts} from "./BillingAccounts.sol";

/// @title Plans and subscriptions, paid from credits
abstract contract BillingPlans is BillingAccounts, ReentrancyGuardTransient {
    bytes32 internal constant SUBSCRIBE = "subscribe";

    /// @inheritdoc IDWSBilling
    function setPlan(bytes32 salt, uint128 price, uint32 period, bool active)
        external
        whenActive(SUBSCRIBE)
        returns (bytes32 planId)
    {
        if (price == 0) revert DWSBilling_ZeroAmount();
        _requireWithin("period", period, 1 hours, 366 days);
        planId = keccak256(abi.encode(address(this), msg.sender, salt));
        // Who subscribed agreed to a price for a period: a shorter one would be paid more often. Another period is another plan.
        uint32 agreed = _billingStorage().plans[planId].period;
        if (agreed != 0 && agreed != period) revert DWSBilling_PeriodFixed(planId, agreed);
        _billingStorage().plans[planId] = Plan({payee: msg.sender, price: price, period: period, active: active});
        emit PlanSet(planId, msg.sender, price, period, active);
    }

    /// @inheritdoc IDWSBilling
    function subscribe(bytes32 planId, uint128 maximumPrice) external whenActive(SUBSCRIBE) nonReentrant {
        Subscription storage subscription = _billingStorage().subscriptions[planId][msg.sender];
        subscription.maximumPrice = maximumPrice;
        subscription.renews = true;
        _paySubscription(planId, msg.sender, subscription);
    }

    /// @inheritdoc IDWSBilling
    function renew(bytes32 planId, address subscriber) external whenActive(SUBSCRIBE) nonReentrant {
        Subscription storage subscription = _billingStorage().subscriptions[planId][subscriber];
        if (!subscription.renews) revert DWSBilling_NotSubscribed(planId, subscriber);
        _paySubscription(planId, subscriber, subscription);
    }

    /// @inheritdoc IDWSBilling
    function cancelSubscription(bytes32 planId) external {
        Subscription storage subscription = _billingStorage().subscriptions[planId][msg.sender];
        if (!subscription.renews) revert DWSBilling_NotSubscribed(planId, msg.sender);
        subscription.renews = false;
        emit SubscriptionCancelled(planId, msg.sender);
    }

    function _paySubscription(bytes32 planId, address subscriber, Subscription storage subscription) private {
        BillingStorage storage $ = _billingStorage();
        Plan memory terms = $.plans[planId];
        if (!terms.active || terms.price > subscription.maximumPrice) revert DWSBilling_InvalidPlan(planId);
        if (subscription.paidUntil > block.timestamp) {
            revert DWSBilling_NotDue(planId, subscriber, subscription.paidUntil);
        }
        // From now, not from the last end: time that was not paid was not served.
        subscription.paidUntil = uint64(block.timestamp + terms.period);
        _takeCredits($, subscriber, terms.price);
        (uint256 fee, uint256 payeeAmount) = _split(terms.payee, terms.price);
        emit SubscriptionPaid(planId, subscriber, fee, payeeAmount, subscription.paidUntil);
    }
}
