// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IContainerRegistry} from "../../src/artifacts/IContainerRegistry.sol";
import {IOwnedRecords} from "../../src/artifacts/IOwnedRecords.sol";
import {IPackageRegistry} from "../../src/artifacts/IPackageRegistry.sol";
import {IRepoRegistry} from "../../src/artifacts/IRepoRegistry.sol";
import {Vm} from "../base/Vm.sol";
import {Replay} from "./Replay.sol";

/// @title The repositories, from their events alone
contract RepoReplayTest is Replay {
    function test_Events_RebuildTheRepositories() external {
        IRepoRegistry repos = IRepoRegistry(memberOf("RepoRegistry"));
        vm.startPrank(consumer);
        repos.setDescription(repoId, "another description");
        repos.push(repoId, "main", keccak256("head"), keccak256("second"));
        repos.push(repoId, "feature", 0, keccak256("feature"));
        repos.push(repoId, "side", 0, keccak256("side"));
        repos.setProtected(repoId, "feature", true);
        repos.deleteBranch(repoId, "side", keccak256("side"));
        repos.setCollaborator(repoId, operator, IRepoRegistry.Role.Maintainer);
        repos.setCollaborator(repoId, delegator, IRepoRegistry.Role.Writer);
        repos.setCollaborator(repoId, delegator, IRepoRegistry.Role.None);
        vm.stopPrank();
        vm.prank(operator);
        repos.push(repoId, "main", keccak256("second"), keccak256("third"));
        replay("RepoRegistry", 14);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics[1];
        if (topic == IRepoRegistry.RepoCreated.selector) {
            set("namespace", id, log.topics[2]);
            setText("name", id, abi.decode(log.data, (string)));
        } else if (topic == IRepoRegistry.DescriptionChanged.selector) {
            setText("description", id, abi.decode(log.data, (string)));
        } else if (topic == IRepoRegistry.HeadMoved.selector) {
            _move(id, log.topics[2], word(log, 1), log.topics[3]);
        } else if (topic == IRepoRegistry.BranchDeleted.selector) {
            _move(id, log.topics[2], 0, log.topics[3]);
        } else if (topic == IRepoRegistry.ProtectionChanged.selector) {
            set("protected", id, log.topics[2], word(log, 0));
        } else if (topic == IRepoRegistry.CollaboratorChanged.selector) {
            set("role of", id, log.topics[2], word(log, 0));
        } else {
            return false;
        }
        return true;
    }

    function _move(bytes32 id, bytes32 branch, bytes32 head, bytes32 by) private {
        set("head", id, branch, head);
        add("heads", id, branch, 1);
        set("history", id, branch, keccak256(abi.encode(get("history", id, branch), head, by)));
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        IRepoRegistry repos = IRepoRegistry(replayed);
        if (what == "head") return repos.headOf(id, other);
        if (what == "heads") return bytes32(repos.historyLength(id, other));
        if (what == "protected") return asWord(repos.isProtected(id, other));
        if (what == "role of") return bytes32(uint256(repos.roleOf(id, asAddress(other))));
        if (what == "history") {
            IRepoRegistry.Revision[] memory history = repos.history(id, other, 0, 100);
            bytes32 chain;
            for (uint256 i = 0; i < history.length; i++) {
                chain = keccak256(abi.encode(chain, history[i].head, asWord(history[i].by)));
            }
            return chain;
        }
        (bytes32 namespace, string memory name, string memory description) = repos.repo(id);
        if (what == "namespace") return namespace;
        return what == "name" ? hashOf(name) : hashOf(description);
    }
}

/// @title The packages, from their events alone
contract PackageReplayTest is Replay {
    function test_Events_RebuildThePackages() external {
        IPackageRegistry packages = IPackageRegistry(memberOf("PackageRegistry"));
        vm.startPrank(consumer);
        packages.setMaintainer(packageId, operator, true);
        packages.setMaintainer(packageId, delegator, true);
        packages.setMaintainer(packageId, delegator, false);
        vm.stopPrank();
        vm.startPrank(operator);
        packages.publish(_space(consumer), "package", "1.1.0", keccak256("next"), "next");
        packages.setDeprecated(packageId, "1.0.0", true, "superseded");
        packages.setDeprecated(packageId, "1.1.0", true, "by mistake");
        packages.setDeprecated(packageId, "1.1.0", false, "");
        vm.stopPrank();
        replay("PackageRegistry", 9);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics[1];
        if (topic == IPackageRegistry.PackageCreated.selector) {
            set("scope's owner", id, log.topics[2]);
            vm.assertEq(
                IPackageRegistry(replayed).packageIdOf(log.topics[2], abi.decode(log.data, (string))), id, "the id"
            );
        } else if (topic == IPackageRegistry.VersionPublished.selector) {
            (string memory version, bytes32 digest, string memory contentId) =
                abi.decode(log.data, (string, bytes32, string));
            bytes32 key = hashOf(version);
            textOf[key] = version;
            set("digest", id, key, digest);
            set("content id", id, key, hashOf(contentId));
            set("publisher", id, key, log.topics[2]);
            set("deprecated", id, key, 0);
            set("number", id, get("versions", id, 0), key);
            add("versions", id, 0, 1);
        } else if (topic == IPackageRegistry.VersionDeprecated.selector) {
            (string memory version, bool deprecated,) = abi.decode(log.data, (string, bool, string));
            set("deprecated", id, hashOf(version), asWord(deprecated));
        } else if (topic == IPackageRegistry.MaintainerChanged.selector) {
            set("maintainer", id, log.topics[2], word(log, 0));
        } else {
            return false;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        IPackageRegistry packages = IPackageRegistry(replayed);
        if (what == "scope's owner") return asWord(IOwnedRecords(replayed).ownerOf(id));
        if (what == "versions") return bytes32(packages.versionCount(id));
        if (what == "number") return hashOf(packages.versions(id, uint256(other), 1)[0]);
        if (what == "maintainer") return asWord(packages.isMaintainer(id, asAddress(other)));
        IPackageRegistry.Version memory version = packages.versionOf(id, textOf[other]);
        if (what == "digest") return version.digest;
        if (what == "content id") return hashOf(version.contentId);
        return what == "publisher" ? asWord(version.publisher) : asWord(version.deprecated);
    }
}

/// @title The container images, from their events alone
contract ContainerReplayTest is Replay {
    mapping(address signer => bytes32[]) private _signed;

    function test_Events_RebuildTheImagesTagsAndSignatures() external {
        IContainerRegistry images = IContainerRegistry(memberOf("ContainerRegistry"));
        bytes32 first = keccak256("image");
        bytes32 second = keccak256("second image");
        address signer = account("signer");
        address former = account("former signer");
        vm.startPrank(consumer);
        images.setPusher(repositoryId, operator, true);
        images.setPusher(repositoryId, delegator, true);
        images.setPusher(repositoryId, delegator, false);
        images.setSigner(repositoryId, signer, true);
        images.setSigner(repositoryId, former, true);
        images.setTag(repositoryId, "latest", 0, first);
        vm.stopPrank();
        bytes32 digest = images.imageDigest(repositoryId, first);
        images.attachSignature(repositoryId, first, signer, signatureOf("signer", digest));
        images.attachSignature(repositoryId, first, former, signatureOf("former signer", digest));
        vm.prank(consumer);
        images.setSigner(repositoryId, former, false);
        vm.startPrank(operator);
        images.push(repositoryId, second, 4711, "application/vnd.oci.image.manifest.v1+json");
        images.setTag(repositoryId, "latest", first, second);
        vm.stopPrank();
        replay("ContainerRegistry", 13);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics[1];
        if (topic == IContainerRegistry.RepositoryCreated.selector) {
            set("namespace's owner", id, log.topics[2]);
            vm.assertEq(
                IContainerRegistry(replayed).repositoryIdOf(log.topics[2], abi.decode(log.data, (string))), id, "id"
            );
        } else if (topic == IContainerRegistry.ImagePushed.selector) {
            (uint64 size, string memory mediaType) = abi.decode(log.data, (uint64, string));
            set("size", id, log.topics[2], bytes32(uint256(size)));
            set("media type", id, log.topics[2], hashOf(mediaType));
            set("pusher", id, log.topics[2], log.topics[3]);
        } else if (topic == IContainerRegistry.TagSet.selector) {
            (string memory tag, bytes32 from, bytes32 to) = abi.decode(log.data, (string, bytes32, bytes32));
            bytes32 key = hashOf(tag);
            textOf[key] = tag;
            vm.assertEq(get("tag", id, key), from, "where the tag pointed");
            set("tag", id, key, to);
            add("revisions", id, key, 1);
        } else if (topic == IContainerRegistry.ImageSigned.selector) {
            address signer = asAddress(log.topics[3]);
            _signed[signer].push(log.topics[2]);
            set("signed", log.topics[2], log.topics[3], asWord(true));
        } else if (topic == IContainerRegistry.PusherChanged.selector) {
            set("may push", id, log.topics[2], word(log, 0));
        } else if (topic == IContainerRegistry.SignerChanged.selector) {
            bytes32[] storage digests = _signed[asAddress(log.topics[2])];
            for (uint256 i = 0; i < digests.length; i++) {
                set("signed", digests[i], log.topics[2], word(log, 0));
            }
        } else {
            return false;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        IContainerRegistry images = IContainerRegistry(replayed);
        if (what == "namespace's owner") return asWord(IOwnedRecords(replayed).ownerOf(id));
        if (what == "tag") return images.tagOf(id, textOf[other]);
        if (what == "revisions") return bytes32(images.tagHistoryLength(id, textOf[other]));
        if (what == "signed") return asWord(images.isSignedBy(repositoryId, id, asAddress(other)));
        if (what == "may push") return asWord(images.mayPush(id, asAddress(other)));
        IContainerRegistry.Image memory image = images.imageOf(id, other);
        if (what == "size") return bytes32(uint256(image.size));
        return what == "pusher" ? asWord(image.pusher) : hashOf(image.mediaType);
    }
}
