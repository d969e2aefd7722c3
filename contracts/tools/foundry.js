// Where npm has put forge: the executable itself, since npm's wrapper around it ends with 0 whatever forge says.
"use strict";
const path = require("node:path");

const names = { x64: "amd64", arm64: "arm64" };
const folder = path.join(__dirname, "..", "node_modules", "@foundry-rs", `forge-${process.platform}-${names[process.arch]}`);

module.exports = { forge: path.join(folder, "bin", "forge") };
