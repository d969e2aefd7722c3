// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Deploys the contracts of the suite at addresses that depend on factory, deployer and salt alone
/// @notice The factory itself is placed by the keyless deterministic deployer, so it has the same address on every network. It keeps no role and no
/// state but its proxies. Only `msg.sender` can use its own namespace.
interface ISuiteFactory {
    /// @notice Thrown when the namespace and salt already hold a proxy.
    error SuiteFactory_AlreadyDeployed(address deployer, bytes32 salt, address proxy);

    /// @notice Thrown when the initialization code creates no contract.
    error SuiteFactory_ImplementationFailed(bytes reason);

    /// @notice Thrown when a proxy would be left without initialization.
    error SuiteFactory_EmptyInitialization();

    /// @notice Thrown when someone other than a proxy under construction asks for its implementation.
    error SuiteFactory_NotDeploying();

    /// @notice Emitted when a proxy was deployed and initialized.
    event SuiteContractDeployed(
        address indexed deployer, bytes32 indexed salt, address indexed proxy, address implementation
    );

    /// @notice Emitted when an implementation was placed; not emitted when the same code was there already.
    event ImplementationDeployed(address indexed implementation, bytes32 initCodeHash);

    /// @notice Deploys one implementation (unless the same code is there), its proxy and its initialization in one transaction.
    /// @param salt The caller's name for the contract: `keccak256("<ContractName>")` by convention
    /// @param initCode Creation code of the implementation, constructor arguments included
    /// @param initData Call that initializes the proxy; not empty
    /// @return proxy The proxy, equal to `addressOf(msg.sender, salt)`
    /// @return implementation The implementation, equal to `implementationOf(keccak256(initCode))`
    function deploy(bytes32 salt, bytes calldata initCode, bytes calldata initData)
        external
        returns (address proxy, address implementation);

    /// @notice Places an implementation alone, for an upgrade. Idempotent.
    function deployImplementation(bytes calldata initCode) external returns (address implementation);

    /// @notice The address of a deployer's proxy, deployed or not.
    function addressOf(address deployer, bytes32 salt) external view returns (address proxy);

    /// @notice The address of an implementation by the hash of its creation code, deployed or not.
    function implementationOf(bytes32 initCodeHash) external view returns (address implementation);

    /// @notice What a proxy under construction reads; reverts at any other time.
    function constructionImplementation() external view returns (address implementation);
}
