// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Encodes arguments for any function by its signature
/// @notice Addresses, ids, numbers and texts are drawn from what the test has put here, and now and then at random. The same seed draws the same.
contract Arguments {
    address[] public addresses;
    bytes32[] public ids;
    uint256[] public numbers;
    string[] public texts;
    bytes[] public blobs;
    uint256 private _drawn;

    function addAddress(address value) external {
        addresses.push(value);
    }

    function addId(bytes32 value) external {
        ids.push(value);
    }

    function addNumber(uint256 value) external {
        numbers.push(value);
    }

    function addText(string calldata value) external {
        texts.push(value);
    }

    function addBlob(bytes calldata value) external {
        blobs.push(value);
    }

    /// @notice A call of a function, `name(type,...)`, with drawn arguments.
    function callOf(string calldata signature, uint256 seed) external returns (bytes memory) {
        _drawn = uint256(keccak256(abi.encode(signature, seed)));
        bytes memory text = bytes(signature);
        uint256 open = 0;
        while (text[open] != "(") open++;
        return abi.encodePacked(bytes4(keccak256(text)), _tuple(text, open + 1, text.length - 1));
    }

    function _draw(uint256 bound) private returns (uint256) {
        _drawn = uint256(keccak256(abi.encode(_drawn)));
        return _drawn % bound;
    }

    // The components between two places, head and tail.
    function _tuple(bytes memory text, uint256 from, uint256 to) private returns (bytes memory) {
        uint256 count = 0;
        uint256[] memory ends = new uint256[](16);
        for (uint256 at = from; at < to; count++) {
            ends[count] = _end(text, at, to);
            at = ends[count] + 1;
        }
        bytes[] memory parts = new bytes[](count);
        bool[] memory dynamic = new bool[](count);
        for (uint256 i = 0; i < count; i++) {
            uint256 start = i == 0 ? from : ends[i - 1] + 1;
            dynamic[i] = _isDynamic(text, start, ends[i]);
            parts[i] = _value(text, start, ends[i]);
        }
        return _joined(parts, dynamic);
    }

    function _joined(bytes[] memory parts, bool[] memory dynamic) private pure returns (bytes memory) {
        uint256 headSize = 0;
        for (uint256 i = 0; i < parts.length; i++) {
            headSize += dynamic[i] ? 32 : parts[i].length;
        }
        bytes memory head;
        bytes memory tail;
        for (uint256 i = 0; i < parts.length; i++) {
            if (dynamic[i]) {
                head = bytes.concat(head, bytes32(headSize + tail.length));
                tail = bytes.concat(tail, parts[i]);
            } else {
                head = bytes.concat(head, parts[i]);
            }
        }
        return bytes.concat(head, tail);
    }

    function _value(bytes memory text, uint256 from, uint256 to) private returns (bytes memory) {
        if (text[to - 1] == "]") {
            // Lists of the suite have no fixed length.
            uint256 length = _draw(3);
            bytes[] memory parts = new bytes[](length);
            bool[] memory dynamic = new bool[](length);
            for (uint256 i = 0; i < length; i++) {
                dynamic[i] = _isDynamic(text, from, to - 2);
                parts[i] = _value(text, from, to - 2);
            }
            return bytes.concat(bytes32(length), _joined(parts, dynamic));
        }
        if (text[from] == "(") return _tuple(text, from + 1, to - 1);
        if (_is(text, from, to, "string")) return _padded(bytes(texts[_draw(texts.length)]));
        if (_is(text, from, to, "bytes")) return _padded(blobs[_draw(blobs.length)]);
        return abi.encode(_word(text, from, to));
    }

    function _word(bytes memory text, uint256 from, uint256 to) private returns (uint256) {
        bool random = _draw(5) == 0;
        if (text[from] == "a") {
            return uint160(random ? address(uint160(_draw(type(uint256).max))) : addresses[_draw(addresses.length)]);
        }
        if (_is(text, from, to, "bool")) return _draw(2);
        if (text[from] == "b") {
            // bytes32, or the upper bytes of it
            uint256 id = random ? _draw(type(uint256).max) : uint256(ids[_draw(ids.length)]);
            uint256 unused = 256 - 8 * _number(text, from + 5, to);
            return id >> unused << unused;
        }
        uint256 bits = _number(text, from + 4, to);
        // Enumerations are uint8 in a signature: small numbers above all.
        uint256 value = random ? _draw(type(uint256).max) : numbers[_draw(numbers.length)];
        if (bits == 8) value = _draw(8) == 0 ? value : _draw(4);
        return bits == 256 ? value : value % (1 << bits);
    }

    function _padded(bytes memory value) private pure returns (bytes memory) {
        return bytes.concat(bytes32(value.length), value, new bytes((32 - value.length % 32) % 32));
    }

    function _isDynamic(bytes memory text, uint256 from, uint256 to) private pure returns (bool) {
        if (text[to - 1] == "]" || _is(text, from, to, "string") || _is(text, from, to, "bytes")) return true;
        if (text[from] != "(") return false;
        for (uint256 at = from + 1; at < to - 1;) {
            uint256 end = _end(text, at, to - 1);
            if (_isDynamic(text, at, end)) return true;
            at = end + 1;
        }
        return false;
    }

    // Where the component that begins here ends.
    function _end(bytes memory text, uint256 from, uint256 to) private pure returns (uint256 at) {
        uint256 depth = 0;
        for (at = from; at < to; at++) {
            if (text[at] == "(") depth++;
            if (text[at] == ")") depth--;
            if (text[at] == "," && depth == 0) return at;
        }
    }

    function _is(bytes memory text, uint256 from, uint256 to, bytes memory what) private pure returns (bool) {
        if (to - from != what.length) return false;
        for (uint256 i = 0; i < what.length; i++) {
            if (text[from + i] != what[i]) return false;
        }
        return true;
    }

    function _number(bytes memory text, uint256 from, uint256 to) private pure returns (uint256 value) {
        for (uint256 at = from; at < to; at++) {
            value = value * 10 + uint8(text[at]) - 48;
        }
    }
}
