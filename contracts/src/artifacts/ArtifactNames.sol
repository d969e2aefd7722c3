// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title What names of repositories, packages, images and tags look like
library ArtifactNames {
    /// @notice 1 to 64 of a-z, 0-9, hyphen, dot and underscore, beginning with a letter or digit.
    function isName(string calldata name) internal pure returns (bool) {
        bytes calldata text = bytes(name);
        if (text.length == 0 || text.length > 64 || !_isAlphanumeric(text[0])) return false;
        for (uint256 i = 1; i < text.length; i++) {
            bytes1 character = text[i];
            if (!_isAlphanumeric(character) && character != "-" && character != "." && character != "_") return false;
        }
        return true;
    }

    /// @notice A version by semver.org 2.0.0, at most 64 bytes: three numbers without leading zeros, then an optional pre-release and build.
    function isSemanticVersion(string calldata version) internal pure returns (bool) {
        bytes calldata text = bytes(version);
        uint256 length = text.length;
        if (length < 5 || length > 64) return false;
        uint256 at = 0;
        for (uint256 part = 0; part < 3; part++) {
            uint256 start = at;
            while (at < length && _isDigit(text[at])) at++;
            if (at == start || (text[start] == "0" && at - start > 1)) return false;
            if (part < 2) {
                if (at >= length || text[at] != ".") return false;
                at++;
            }
        }
        if (at < length && text[at] == "-") {
            bool valid;
            (valid, at) = _identifiers(text, at + 1, true);
            if (!valid) return false;
        }
        if (at < length && text[at] == "+") {
            bool valid;
            (valid, at) = _identifiers(text, at + 1, false);
            if (!valid) return false;
        }
        return at == length;
    }

    // Identifiers with dots between them; in a pre-release a number has no leading zero.
    function _identifiers(bytes calldata text, uint256 at, bool isPreRelease)
        private
        pure
        returns (bool valid, uint256 end)
    {
        while (true) {
            uint256 start = at;
            bool numeric = true;
            while (at < text.length && (_isLetter(text[at]) || _isDigit(text[at]) || text[at] == "-")) {
                if (!_isDigit(text[at])) numeric = false;
                at++;
            }
            if (at == start) return (false, at);
            if (isPreRelease && numeric && at - start > 1 && text[start] == "0") return (false, at);
            if (at < text.length && text[at] == ".") at++;
            else return (true, at);
        }
    }

    function _isAlphanumeric(bytes1 character) private pure returns (bool) {
        return _isDigit(character) || (character >= "a" && character <= "z");
    }

    function _isDigit(bytes1 character) private pure returns (bool) {
        return character >= "0" && character <= "9";
    }

    function _isLetter(bytes1 character) private pure returns (bool) {
        return (character >= "a" && character <= "z") || (character >= "A" && character <= "Z");
    }
}
