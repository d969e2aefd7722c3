// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SuiteFactory} from "../../src/deploy/SuiteFactory.sol";
import {JejuToken} from "../../src/token/JejuToken.sol";
import {TestUsd} from "../../src/token/TestUsd.sol";
import {Test} from "./Test.sol";

/// @title Deploys the suite through its factory, as a deployment does
/// @notice Contract X has the salt `keccak256("X")`. `admin` stands for the timelock. Derived fixtures deploy what they need.
abstract contract SuiteTest is Test {
    SuiteFactory internal factory;
    address internal admin;

    function setUp() public virtual {
        vm.chainId(31_337);
        vm.warp(1_800_000_000);
        factory = new SuiteFactory();
        admin = account("admin");
    }

    function suiteAddress(string memory name) internal view returns (address) {
        return factory.addressOf(address(this), keccak256(bytes(name)));
    }

    function deploySuiteContract(string memory name, bytes memory initCode, bytes memory initData)
        internal
        returns (address proxy)
    {
        (proxy,) = factory.deploy(keccak256(bytes(name)), initCode, initData);
        vm.label(proxy, name);
    }

    function deployTokens() internal returns (JejuToken jeju, TestUsd usd) {
        jeju = JejuToken(
            payable(deploySuiteContract(
                    "JejuToken", type(JejuToken).creationCode, abi.encodeCall(JejuToken.initialize, (admin))
                ))
        );
        usd = TestUsd(
            payable(deploySuiteContract(
                    "TestUsd", type(TestUsd).creationCode, abi.encodeCall(TestUsd.initialize, (admin))
                ))
        );
        vm.startPrank(admin);
        jeju.grantRole(jeju.MINTER_ROLE(), address(this));
        usd.grantRole(usd.MINTER_ROLE(), address(this));
        vm.stopPrank();
    }
}
