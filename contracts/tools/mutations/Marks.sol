// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

// What tools/refusals.js puts into the guards of a copy of the sources. A line that a cheat code writes stays when the call is reverted.

address constant CHEAT_CODES = address(uint160(uint256(keccak256("hevm cheat code"))));

/// The condition of a guard that refuses holds. Always true.
function refused(uint256 guard) view returns (bool) {
    mark("refused", guard);
    return true;
}

/// The check of a guard begins.
function entered(uint256 guard) view {
    mark("entered", guard);
}

/// The check of a guard has let the call pass.
function passed(uint256 guard) view {
    mark("passed", guard);
}

function mark(string memory what, uint256 guard) view {
    (bool ok,) = CHEAT_CODES.staticcall(
        abi.encodeWithSignature("writeLine(string,string)", "marks/marks.txt", string.concat(what, " ", digits(guard)))
    );
    if (!ok) revert("a mark cannot be written");
}

function digits(uint256 number) pure returns (string memory) {
    bytes memory text = new bytes(5);
    for (uint256 place = 5; place > 0; place--) {
        text[place - 1] = bytes1(uint8(48 + number % 10));
        number /= 10;
    }
    return string(text);
}
