// Compiles a standard JSON input file into an output file with the solc that npm installed.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const solc = require(path.join(__dirname, "..", "node_modules", "solc"));

const [input, output] = process.argv.slice(2);
if (input === "--version") {
    fs.writeSync(1, `solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
} else {
    fs.writeFileSync(output, solc.compile(fs.readFileSync(input, "utf8")));
}
