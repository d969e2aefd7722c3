// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/ERC20Upgradeable.sol";
import {
    ERC20PermitUpgradeable
} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PermitUpgradeable.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Governed} from "../governance/Governed.sol";
import {IERC3009} from "./IERC3009.sol";
import {ITestUsd} from "./ITestUsd.sol";
import {Signatures} from "./Signatures.sol";

/// @title TestUsd
/// @notice See {ITestUsd}.
contract TestUsd is ITestUsd, ERC20PermitUpgradeable, Governed {
    /// @custom:storage-location erc7201:jeju.storage.TestUsd
    struct TestUsdStorage {
        mapping(address authorizer => mapping(bytes32 nonce => bool)) used;
    }

    // A transfer by authorization, kept together so that the compiler's stack is enough.
    struct Authorization {
        address from;
        address to;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }

    /// @notice May mint.
    bytes32 public constant MINTER_ROLE = keccak256("MINTER_ROLE");

    /// @notice Typehash of ERC-3009.
    bytes32 public constant TRANSFER_WITH_AUTHORIZATION_TYPEHASH = keccak256(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    /// @notice Typehash of ERC-3009.
    bytes32 public constant RECEIVE_WITH_AUTHORIZATION_TYPEHASH = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    /// @notice Typehash of ERC-3009.
    bytes32 public constant CANCEL_AUTHORIZATION_TYPEHASH =
        keccak256("CancelAuthorization(address authorizer,bytes32 nonce)");

    bytes32 private constant MINT = "mint";

    // keccak256(abi.encode(uint256(keccak256("jeju.storage.TestUsd")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant TEST_USD_STORAGE = 0x1de82a313da2977d76a1855f8ebc093e256fb8c2bcb76b105fcfd4e6feb4b600;

    /// @inheritdoc ITestUsd
    function initialize(address admin) external initializer {
        // Localnet, Base Sepolia and the Jeju testnet.
        if (block.chainid != 31_337 && block.chainid != 84_532 && block.chainid != 420_690) {
            revert TestUsd_NotATestNetwork(block.chainid);
        }
        __ERC20_init("Test USD", "tUSD");
        __ERC20Permit_init("Test USD");
        __Governed_init(admin);
    }

    /// @inheritdoc ITestUsd
    function mint(address to, uint256 amount) external onlyRole(MINTER_ROLE) whenActive(MINT) {
        _mint(to, amount);
    }

    /// @inheritdoc IERC3009
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        _transferByAuthorization(
            TRANSFER_WITH_AUTHORIZATION_TYPEHASH,
            Authorization(from, to, value, validAfter, validBefore, nonce),
            signature
        );
    }

    /// @inheritdoc IERC3009
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        _receiveByAuthorization(Authorization(from, to, value, validAfter, validBefore, nonce), signature);
    }

    /// @inheritdoc IERC3009
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        _receiveByAuthorization(
            Authorization(from, to, value, validAfter, validBefore, nonce), abi.encodePacked(r, s, v)
        );
    }

    /// @inheritdoc IERC3009
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external {
        _spendNonce(authorizer, nonce);
        _requireSignature(
            authorizer, keccak256(abi.encode(CANCEL_AUTHORIZATION_TYPEHASH, authorizer, nonce)), signature
        );
        emit AuthorizationCanceled(authorizer, nonce);
    }

    /// @inheritdoc IERC3009
    function authorizationState(address authorizer, bytes32 nonce) external view returns (bool) {
        return _testUsdStorage().used[authorizer][nonce];
    }

    /// @notice Six, as USDC.
    function decimals() public pure override returns (uint8) {
        return 6;
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(ERC20PermitUpgradeable, IERC20Permit) returns (uint256) {
        return super.nonces(owner);
    }

    /// @inheritdoc Governed
    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](1);
        actions[0] = MINT;
    }

    function _receiveByAuthorization(Authorization memory authorization, bytes memory signature) private {
        if (msg.sender != authorization.to) revert TestUsd_CallerIsNotPayee(msg.sender, authorization.to);
        _transferByAuthorization(RECEIVE_WITH_AUTHORIZATION_TYPEHASH, authorization, signature);
    }

    function _transferByAuthorization(bytes32 typehash, Authorization memory authorization, bytes memory signature)
        private
    {
        if (block.timestamp <= authorization.validAfter) {
            revert TestUsd_AuthorizationNotYetValid(authorization.validAfter, block.timestamp);
        }
        if (block.timestamp >= authorization.validBefore) {
            revert TestUsd_AuthorizationExpired(authorization.validBefore, block.timestamp);
        }
        _spendNonce(authorization.from, authorization.nonce);
        _requireSignature(authorization.from, keccak256(abi.encode(typehash, authorization)), signature);
        emit AuthorizationUsed(authorization.from, authorization.nonce);
        _transfer(authorization.from, authorization.to, authorization.value);
    }

    function _spendNonce(address authorizer, bytes32 nonce) private {
        TestUsdStorage storage $ = _testUsdStorage();
        if ($.used[authorizer][nonce]) revert TestUsd_AuthorizationUsed(authorizer, nonce);
        $.used[authorizer][nonce] = true;
    }

    function _requireSignature(address signer, bytes32 structHash, bytes memory signature) private view {
        if (!Signatures.isBy(signer, _hashTypedDataV4(structHash), signature)) {
            revert TestUsd_InvalidSignature(signer);
        }
    }

    function _testUsdStorage() private pure returns (TestUsdStorage storage $) {
        assembly ("memory-safe") {
            $.slot := TEST_USD_STORAGE
        }
    }
}
