// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {ISuiteFactory} from "../../src/deploy/ISuiteFactory.sol";
import {SuiteFactory} from "../../src/deploy/SuiteFactory.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {JejuToken} from "../../src/token/JejuToken.sol";
import {SuiteTest} from "../base/SuiteTest.sol";

contract Reverting {
    constructor() {
        revert("no");
    }
}

contract SuiteFactoryTest is SuiteTest {
    bytes32 private constant SALT = keccak256("JejuToken");

    function _initialization() private view returns (bytes memory) {
        return abi.encodeCall(JejuToken.initialize, (admin));
    }

    function test_Deploy_PlacesImplementationProxyAndInitializationInOneTransaction() external {
        vm.expectEmit(address(factory));
        emit ISuiteFactory.SuiteContractDeployed(
            address(this),
            SALT,
            factory.addressOf(address(this), SALT),
            factory.implementationOf(keccak256(type(JejuToken).creationCode))
        );
        (address proxy, address implementation) = factory.deploy(SALT, type(JejuToken).creationCode, _initialization());
        vm.assertEq(proxy, factory.addressOf(address(this), SALT));
        vm.assertEq(implementation, factory.implementationOf(keccak256(type(JejuToken).creationCode)));
        vm.assertTrue(JejuToken(proxy).hasRole(bytes32(0), admin));
        vm.assertFalse(JejuToken(proxy).hasRole(bytes32(0), address(factory)));
        vm.assertFalse(JejuToken(proxy).hasRole(bytes32(0), address(this)));
    }

    function test_Deploy_AddressDoesNotDependOnCode() external {
        uint256 before = vm.snapshotState();
        (address one,) = factory.deploy(SALT, type(JejuToken).creationCode, _initialization());
        vm.revertToState(before);
        bytes memory otherCode = abi.encodePacked(type(JejuToken).creationCode, uint256(1));
        (address two, address implementation) = factory.deploy(SALT, otherCode, _initialization());
        vm.assertEq(one, two);
        vm.assertEq(implementation, factory.implementationOf(keccak256(otherCode)));
    }

    function test_RevertGiven_SaltIsTaken() external {
        (address proxy,) = factory.deploy(SALT, type(JejuToken).creationCode, _initialization());
        vm.expectRevert(
            abi.encodeWithSelector(ISuiteFactory.SuiteFactory_AlreadyDeployed.selector, address(this), SALT, proxy)
        );
        factory.deploy(SALT, type(JejuToken).creationCode, _initialization());
    }

    function test_Stranger_CannotTakeSuiteAddress() external {
        address own = factory.addressOf(address(this), SALT);
        vm.prank(account("stranger"));
        (address strangers,) = factory.deploy(SALT, type(JejuToken).creationCode, _initialization());
        vm.assertNotEq(strangers, own);
        vm.assertEq(own.code.length, 0);
        (address proxy,) = factory.deploy(SALT, type(JejuToken).creationCode, _initialization());
        vm.assertEq(proxy, own);
    }

    function test_Stranger_PlacingTheImplementationFirstChangesNothing() external {
        vm.prank(account("stranger"));
        address placed = factory.deployImplementation(type(JejuToken).creationCode);
        (, address implementation) = factory.deploy(SALT, type(JejuToken).creationCode, _initialization());
        vm.assertEq(implementation, placed);
    }

    function test_RevertWhen_InitializationIsEmpty() external {
        vm.expectRevert(ISuiteFactory.SuiteFactory_EmptyInitialization.selector);
        factory.deploy(SALT, type(JejuToken).creationCode, "");
    }

    function test_RevertWhen_InitializationFails_NothingIsLeftBehind() external {
        vm.expectRevert(IGoverned.Governed_ZeroAddress.selector);
        factory.deploy(SALT, type(JejuToken).creationCode, abi.encodeCall(JejuToken.initialize, (address(0))));
        vm.assertEq(factory.addressOf(address(this), SALT).code.length, 0);
    }

    function test_RevertWhen_ConstructorReverts_ReasonIsCarried() external {
        vm.expectRevert(
            abi.encodeWithSelector(
                ISuiteFactory.SuiteFactory_ImplementationFailed.selector, abi.encodeWithSignature("Error(string)", "no")
            )
        );
        factory.deploy(SALT, type(Reverting).creationCode, hex"00");
    }

    function test_RevertWhen_ImplementationIsInitialized() external {
        address implementation = factory.deployImplementation(type(JejuToken).creationCode);
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        JejuToken(implementation).initialize(admin);
    }

    function test_RevertWhen_ProxyIsInitializedTwice() external {
        (address proxy,) = factory.deploy(SALT, type(JejuToken).creationCode, _initialization());
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        JejuToken(proxy).initialize(account("stranger"));
    }

    function test_ConstructionImplementation_IsUnreadableOutsideADeployment() external {
        vm.expectRevert(ISuiteFactory.SuiteFactory_NotDeploying.selector);
        factory.constructionImplementation();
    }

    function testFuzz_AddressOf_DependsOnFactoryDeployerAndSaltAlone(address deployer, bytes32 salt) external {
        SuiteFactory other = new SuiteFactory();
        vm.assertNotEq(factory.addressOf(deployer, salt), other.addressOf(deployer, salt));
        vm.assertNotEq(factory.addressOf(deployer, salt), factory.addressOf(deployer, ~salt));
        vm.prank(deployer);
        (address proxy,) = factory.deploy(salt, type(JejuToken).creationCode, _initialization());
        vm.assertEq(proxy, factory.addressOf(deployer, salt));
    }
}
