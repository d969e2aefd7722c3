// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token that anybody may mint, with the decimals it is told
contract PlainToken is ERC20 {
    uint8 private immutable DECIMALS;

    constructor(uint8 decimals_) ERC20("Plain", "PLN") {
        DECIMALS = decimals_;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }
}

/// @title A token that keeps one percent of every transfer
contract FeeToken is PlainToken(18) {
    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0) || to == address(0)) return super._update(from, to, amount);
        super._update(from, address(0), amount / 100);
        super._update(from, to, amount - amount / 100);
    }
}

/// @title A payee that refuses the native coin
contract Refuser {
    error NoThanks();

    receive() external payable {
        revert NoThanks();
    }
}

/// @title A payee that calls something of its choice when it receives the native coin
contract Reenterer {
    address private _target;
    bytes private _call;
    bool public reentered;

    receive() external payable {
        if (_target == address(0)) return;
        (reentered,) = _target.call(_call);
    }

    function aim(address target, bytes calldata call_) external {
        _target = target;
        _call = call_;
    }
}
