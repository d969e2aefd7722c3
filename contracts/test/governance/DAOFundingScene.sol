// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {DAOFunding} from "../../src/governance/DAOFunding.sol";
import {IDAOFunding} from "../../src/governance/IDAOFunding.sol";
import {Scene} from "../support/Scene.sol";
import {PlainToken} from "../support/Tokens.sol";

contract Agents is ERC721("Agents", "AGT") {
    function mint(address to, uint256 agentId) external {
        _mint(to, agentId);
    }
}

contract Records {
    mapping(bytes32 => address) public ownerOf;

    function set(bytes32 recordId, address owner) external {
        ownerOf[recordId] = owner;
    }
}

/// @title Two projects, and backers with staked agents
abstract contract DAOFundingScene is Scene {
    DAOFunding internal funding;
    Agents internal agents;
    Records internal records;
    PlainToken internal jeju;
    PlainToken internal usd;
    bytes32 internal one;
    bytes32 internal two;

    function setUp() public virtual {
        agents = new Agents();
        records = new Records();
        jeju = new PlainToken(18);
        usd = new PlainToken(6);
        funding = DAOFunding(
            _proxy(
                address(new DAOFunding()),
                abi.encodeCall(DAOFunding.initialize, (admin, address(agents), address(jeju), address(usd)))
            )
        );
        vm.startPrank(admin);
        funding.setSource(address(records), true);
        funding.grantRole(funding.PAUSER_ROLE(), guardian);
        IDAOFunding.Parameters memory settings = funding.parameters();
        settings.maximumShareBps = 10_000;
        funding.setParameters(settings);
        vm.stopPrank();
        records.set("one", alice);
        records.set("two", bob);
        vm.prank(alice);
        one = funding.registerProject(address(records), "one");
        vm.prank(bob);
        two = funding.registerProject(address(records), "two");
        usd.mint(address(this), 1e15);
        usd.approve(address(funding), type(uint256).max);
    }

    function _agent(uint256 agentId) internal returns (address backer) {
        backer = account(string(abi.encode("backer", agentId)));
        agents.mint(backer, agentId);
        jeju.mint(backer, 100e18);
        usd.mint(backer, 1e12);
        vm.startPrank(backer);
        jeju.approve(address(funding), type(uint256).max);
        usd.approve(address(funding), type(uint256).max);
        funding.stake(agentId, 100e18);
        vm.stopPrank();
    }

    function _contribute(uint256 agentId, bytes32 projectId, uint128 amount) internal {
        vm.prank(agents.ownerOf(agentId));
        funding.contribute(projectId, agentId, amount);
    }

    function _closeEpoch() internal {
        _skip(30 days);
        funding.closeEpoch();
    }
}
