// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {ISuiteFactory} from "./ISuiteFactory.sol";
import {SuiteProxy} from "./SuiteProxy.sol";

/// @title SuiteFactory
/// @notice See {ISuiteFactory}.
contract SuiteFactory is ISuiteFactory {
    // Set only while a proxy is under construction.
    address private transient _underConstruction;

    /// @inheritdoc ISuiteFactory
    function deploy(bytes32 salt, bytes calldata initCode, bytes calldata initData)
        external
        returns (address proxy, address implementation)
    {
        if (initData.length == 0) revert SuiteFactory_EmptyInitialization();
        proxy = addressOf(msg.sender, salt);
        if (proxy.code.length != 0) revert SuiteFactory_AlreadyDeployed(msg.sender, salt, proxy);

        implementation = deployImplementation(initCode);
        _underConstruction = implementation;
        new SuiteProxy{salt: _saltOf(msg.sender, salt)}();
        _underConstruction = address(0);
        emit SuiteContractDeployed(msg.sender, salt, proxy, implementation);
        Address.functionCall(proxy, initData);
    }

    /// @inheritdoc ISuiteFactory
    function deployImplementation(bytes calldata initCode) public returns (address implementation) {
        bytes32 initCodeHash = keccak256(initCode);
        implementation = implementationOf(initCodeHash);
        if (implementation.code.length != 0) return implementation;

        bytes memory code = initCode;
        address created;
        assembly ("memory-safe") {
            created := create2(0, add(code, 0x20), mload(code), 0)
        }
        if (created == address(0) || created.code.length == 0) {
            bytes memory reason;
            assembly ("memory-safe") {
                reason := mload(0x40)
                mstore(reason, returndatasize())
                returndatacopy(add(reason, 0x20), 0, returndatasize())
                mstore(0x40, and(add(add(reason, returndatasize()), 0x3f), not(0x1f)))
            }
            revert SuiteFactory_ImplementationFailed(reason);
        }
        emit ImplementationDeployed(implementation, initCodeHash);
    }

    /// @inheritdoc ISuiteFactory
    function constructionImplementation() external view returns (address implementation) {
        implementation = _underConstruction;
        if (implementation == address(0)) revert SuiteFactory_NotDeploying();
    }

    /// @inheritdoc ISuiteFactory
    function addressOf(address deployer, bytes32 salt) public view returns (address) {
        return Create2.computeAddress(_saltOf(deployer, salt), keccak256(type(SuiteProxy).creationCode));
    }

    /// @inheritdoc ISuiteFactory
    function implementationOf(bytes32 initCodeHash) public view returns (address) {
        return Create2.computeAddress(bytes32(0), initCodeHash);
    }

    function _saltOf(address deployer, bytes32 salt) private pure returns (bytes32) {
        return keccak256(abi.encode(deployer, salt));
    }
}
