// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {NameBook} from "../support/NameBook.sol";
import {Scene} from "../support/Scene.sol";

/// @title A namespace of an account and one of a name, for the tests of the artifact registries
abstract contract ArtifactScene is Scene {
    NameBook internal book;
    bytes32 internal constant PARENT = keccak256("jeju");
    bytes32 internal constant HARBOUR = keccak256(abi.encodePacked(PARENT, keccak256("harbour")));

    function setUp() public virtual {
        book = new NameBook(PARENT, address(this));
        book.setSubnodeOwner(PARENT, keccak256("harbour"), alice);
    }

    function _giveNameTo(address owner) internal {
        book.setSubnodeOwner(PARENT, keccak256("harbour"), owner);
    }

    function _accountSpace(address account_) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(account_)));
    }
}
