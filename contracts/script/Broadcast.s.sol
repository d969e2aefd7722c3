// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @dev The cheat codes that this script needs.
interface BroadcastVm {
    function readFile(string calldata path) external view returns (string memory);
    function parseJsonAddressArray(string calldata json, string calldata key) external pure returns (address[] memory);
    function parseJsonBytesArray(string calldata json, string calldata key) external pure returns (bytes[] memory);
    function startBroadcast() external;
    function stopBroadcast() external;
}

/// @title Broadcast
/// @notice Sends the calls of a file in their order with `forge script --broadcast`: the peer that the deployment is measured against.
contract Broadcast {
    bool public constant IS_SCRIPT = true;

    BroadcastVm private constant VM = BroadcastVm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    /// @param file JSON with `targets` and `payloads`, below the project's folder
    function run(string calldata file) external {
        string memory json = VM.readFile(file);
        address[] memory targets = VM.parseJsonAddressArray(json, ".targets");
        bytes[] memory payloads = VM.parseJsonBytesArray(json, ".payloads");
        VM.startBroadcast();
        for (uint256 index = 0; index < targets.length; ++index) {
            (bool done,) = targets[index].call(payloads[index]);
            require(done, "a call of the file failed");
        }
        VM.stopBroadcast();
    }
}
